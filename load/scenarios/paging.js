// Programs page through all posts of their tenants, a hundred at a time, some with filters and words.
import { world, trend, summary, call } from './lib.js';

export const options = {
  summaryTrendStats: trend,
  scenarios: { paging: { executor: 'constant-vus', vus: 4, duration: '30s' } },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<1500', 'p(99)<4000'] },
};

const filters = ['', '&platform=rss', '&sort=publishedAt&q=text', '&kind=post'];

export default function () {
  const program = world.programs[__VU % world.programs.length];
  let cursor = '';
  for (let page = 0; page < 20; page++) {
    const query = `?limit=100${filters[__ITER % filters.length]}${cursor}`;
    const answer = call(`/guilds/${program.guild}/posts${query}`, program, '/guilds/G/posts');
    if (answer.status !== 200) return;
    const next = answer.json('nextCursor');
    if (!next) return;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

export function handleSummary(data) {
  return summary(data);
}
