// Programs page through all posts of their tenants, a hundred at a time, some with filters and words. What a key may
// have spent beforehand (five minutes of 600) and what comes in meanwhile allow 110 requests a second for 30 s.
import { sleep } from 'k6';
import { world, trend, summary, call } from './lib.js';

export const options = {
  summaryTrendStats: trend,
  scenarios: { paging: { executor: 'constant-vus', vus: 4, duration: '30s' } },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<1500', 'p(99)<4000'] },
};

const pace = 1 / 80; // seconds from a program's request to its next, at least
const filters = ['', '&platform=rss', '&sort=publishedAt&q=text', '&kind=post'];

export default function () {
  const program = world.programs[__VU % world.programs.length];
  let cursor = '';
  for (let page = 0; page < 20; page++) {
    const query = `?limit=100${filters[__ITER % filters.length]}${cursor}`;
    const answer = call(`/guilds/${program.guild}/posts${query}`, program, '/guilds/G/posts');
    sleep(Math.max(0, pace - answer.timings.duration / 1000));
    if (answer.status !== 200) return;
    const next = answer.json('nextCursor');
    if (!next) return;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

export function handleSummary(data) {
  return summary(data);
}
