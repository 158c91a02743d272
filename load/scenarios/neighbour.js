// A noisy neighbour: one tenant asks for ten times what its plan allows, by turns of a few seconds; another works
// steadily all the time. What counts is how the other's times differ between the quiet turns and the noisy ones,
// which lie so close together that whatever else the machine does falls on both alike. In the quiet turns the noise
// goes to the simulator instead, so that making it, on the same processors, costs both turns the same.
import { check } from 'k6';
import http from 'k6/http';
import { Trend, Counter } from 'k6/metrics';
import { world, trend, summary, call } from './lib.js';

const turn = 4000; // ms
const quiet = new Trend('victim_quiet', true);
const noisy = new Trend('victim_noisy', true);
// Each pair of turns has its own, so that one hiccup of the machine spoils one pair and not the result.
const pairs = [];
for (let n = 0; n < 20; n++) pairs.push([new Trend(`victim_quiet_${n}`, true), new Trend(`victim_noisy_${n}`, true)]);
const noise = new Counter('noise');
const refused = new Counter('noise_refused');
const perSecond = (10 * world.noisy.perMinute) / 60;

export const options = {
  summaryTrendStats: trend,
  setupTimeout: '60s',
  scenarios: {
    victim: { executor: 'constant-arrival-rate', exec: 'victim', rate: 40, timeUnit: '1s', duration: '80s', startTime: '5s', preAllocatedVUs: 40, maxVUs: 80 },
    noise: { executor: 'constant-arrival-rate', exec: 'makeNoise', rate: Math.ceil(perSecond), timeUnit: '1s', duration: '80s', startTime: '5s', preAllocatedVUs: 60, maxVUs: 150 },
  },
  thresholds: { 'http_req_failed{who:victim}': ['rate<0.01'] },
};

// The turn follows from the clock alone, so that both sides agree on it.
const now = () => Math.floor(Date.now() / turn);
const isNoisy = () => now() % 2 === 1;

// setup uses up the burst that the plan grants on top, so that the noise is what the limit has to hold.
export function setup() {
  for (let n = 0; n < 10000; n++) {
    const a = http.get(`${world.api}/guilds/${world.noisy.guild}`, { headers: { Authorization: `Bearer ${world.noisy.token}` }, tags: { name: 'warm-up' }, responseCallback: http.expectedStatuses(200, 429) });
    if (a.status === 429) return;
  }
}

export function victim() {
  const before = now();
  const a = call(`/guilds/${world.victim.guild}/posts?limit=50`, world.victim, 'victim', { who: 'victim' });
  if (before !== now()) return; // it lies on the border
  (before % 2 === 1 ? noisy : quiet).add(a.timings.duration);
  pairs[Math.floor(before / 2) % pairs.length][before % 2].add(a.timings.duration);
}

export function makeNoise() {
  if (!isNoisy()) {
    http.get(`${world.sim}/sim/`, { tags: { name: 'elsewhere', who: 'nobody' } });
    return;
  }
  const a = http.get(`${world.api}/guilds/${world.noisy.guild}/posts?limit=50`, {
    headers: { Authorization: `Bearer ${world.noisy.token}` }, tags: { name: 'noise', who: 'noisy' },
    responseCallback: http.expectedStatuses(200, 429),
  });
  noise.add(1);
  if (a.status === 429) refused.add(1);
  check(a, { 'is 200 or 429': (r) => r.status === 200 || r.status === 429 });
}

export function handleSummary(data) {
  const m = data.metrics;
  const of = (name) => ({ p50: m[name].values.med, p95: m[name].values['p(95)'], p99: m[name].values['p(99)'] });
  const [before, during] = [of('victim_quiet'), of('victim_noisy')];
  const sent = m.noise.values.count;
  const ratios = [];
  for (let n = 0; n < pairs.length; n++) {
    const [a, b] = [m[`victim_quiet_${n}`], m[`victim_noisy_${n}`]];
    if (a && b && a.values['p(99)'] > 0 && b.values['p(99)'] > 0) ratios.push(b.values['p(99)'] / a.values['p(99)']);
  }
  ratios.sort((x, y) => x - y);
  return summary(data, {
    quiet: before, noisy: during, ratioOfP99: during.p99 / before.p99, ratioOfP50: during.p50 / before.p50,
    pairedRatioOfP99: ratios[Math.floor(ratios.length / 2)],
    noisePerSecond: sent / 40, refused: (m.noise_refused ? m.noise_refused.values.count : 0) / sent,
  });
}
