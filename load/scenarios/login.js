// A storm of sign-ins: the whole way of a person each, from the dashboard's first redirect by Discord's consent page
// to the token pair and who one is. Each comes from an address of its own, for an address has ten attempts.
import http from 'k6/http';
import crypto from 'k6/crypto';
import { check } from 'k6';
import { scenario } from 'k6/execution';
import { Trend } from 'k6/metrics';
import { world, trend, summary } from './lib.js';

const whole = new Trend('sign_in', true);

export const options = {
  summaryTrendStats: trend,
  scenarios: {
    login: { executor: 'constant-arrival-rate', rate: 5, timeUnit: '1s', duration: '30s', preAllocatedVUs: 30, maxVUs: 100 },
  },
  thresholds: { http_req_failed: ['rate<0.01'], checks: ['rate>0.99'], sign_in: ['p(95)<4000'] },
};

export default function () {
  const n = scenario.iterationInTest;
  const address = `10.${1 + Math.floor(n / 60000)}.${Math.floor(n / 250) % 250}.${n % 250}`;
  const base = { redirects: 0, headers: { 'X-Forwarded-For': address }, timeout: '30s' };
  const verifier = crypto.hexEncode(crypto.randomBytes(32));
  const challenge = crypto.sha256(verifier, 'base64rawurl');
  const began = Date.now();
  const begun = http.get(`${world.api}/auth/discord?challenge=${challenge}&state=state-${n}-of-the-dashboard&returnTo=/guilds`, { ...base, tags: { name: 'begin' } });
  if (!check(begun, { 'sent to Discord': (a) => a.status === 302 })) return;
  const cookie = begun.headers['Set-Cookie'].split(';')[0];
  const form = { user_id: world.visitors[n % world.visitors.length], decision: 'authorize' };
  const consent = http.post(begun.headers.Location, form, { redirects: 0, tags: { name: 'consent (simulated)' } });
  const back = http.get(consent.headers.Location, { ...base, headers: { ...base.headers, Cookie: cookie }, tags: { name: 'callback' } });
  const code = /[?&]code=([^&]+)/.exec(back.headers.Location || '');
  if (!check(back, { 'sent home with a code': () => code !== null })) return;
  const pair = http.post(`${world.api}/auth/exchange`, JSON.stringify({ code: decodeURIComponent(code[1]), verifier }), {
    ...base, headers: { ...base.headers, 'Content-Type': 'application/json' }, tags: { name: 'exchange' },
  });
  if (!check(pair, { 'has tokens': (a) => a.status === 200 })) return;
  whole.add(Date.now() - began);
  const me = http.get(`${world.api}/auth/me`, { headers: { ...base.headers, Authorization: `Bearer ${pair.json('accessToken')}` }, tags: { name: 'me' } });
  check(me, { 'is somebody': (a) => a.status === 200 });
}

export function handleSummary(data) {
  const s = data.metrics.sign_in ? data.metrics.sign_in.values : {};
  return summary(data, { whole: { p50: s.med, p95: s['p(95)'], p99: s['p(99)'] } });
}
