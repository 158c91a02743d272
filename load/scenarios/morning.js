// The dashboard's morning peak: people of many tenants open their overview, each as the dashboard does, with the
// calls of a page side by side, and go on to their posts and figures.
import http from 'k6/http';
import { check } from 'k6';
import { scenario } from 'k6/execution';
import { world, trend, summary, call } from './lib.js';

export const options = {
  summaryTrendStats: trend,
  scenarios: {
    morning: { executor: 'constant-arrival-rate', rate: 4, timeUnit: '1s', duration: '45s', preAllocatedVUs: 40, maxVUs: 120 },
  },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<1500', 'p(99)<4000'] },
};

export default function () {
  const who = world.people[scenario.iterationInTest % world.people.length];
  const base = `/guilds/${who.guild}`;
  const overview = ['/auth/me', '/guilds', base, `${base}/status`, `${base}/posts?limit=10`, `${base}/analytics?interval=day`, `${base}/usage`];
  const headers = { Authorization: `Bearer ${who.token}`, 'X-Forwarded-For': who.address };
  const answers = http.batch(overview.map((path) => ['GET', world.api + path, null, { headers, tags: { name: path.replace(who.guild, 'G') } }]));
  for (const a of answers) check(a, { 'is 200': (r) => r.status === 200 });
  call(`${base}/posts?limit=50`, who, '/guilds/G/posts');
  call(`${base}/accounts?limit=50`, who, '/guilds/G/accounts');
}

export function handleSummary(data) {
  return summary(data);
}
