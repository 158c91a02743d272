// What the scenarios share: the world that the runner made, calls as its people, and the summary that is kept.
import http from 'k6/http';
import { check } from 'k6';

// DATA names the file in which the runner wrote who there is and where.
export const world = JSON.parse(open(__ENV.DATA));

export const trend = ['med', 'p(95)', 'p(99)', 'max'];

// call reads a path of the API as a person or a program; name keeps the paths of all guilds in one row.
export function call(path, who, name, tags = {}) {
  const answer = http.get(world.api + path, {
    headers: { Authorization: `Bearer ${who.token}`, 'X-Forwarded-For': who.address },
    tags: { name, ...tags },
    timeout: '30s',
  });
  check(answer, { 'is 200': (a) => a.status === 200 }, tags);
  return answer;
}

// summary writes what the runner keeps: requests, their times in milliseconds, the share that failed.
export function summary(data, more = {}) {
  const m = data.metrics;
  const time = m.http_req_duration.values;
  const passed = Object.values(m).every((metric) => Object.values(metric.thresholds || {}).every((t) => t.ok));
  const row = {
    requests: m.http_reqs.values.count,
    perSecond: m.http_reqs.values.rate,
    p50: time.med,
    p95: time['p(95)'],
    p99: time['p(99)'],
    max: time.max,
    failed: m.http_req_failed.values.rate,
    dropped: m.dropped_iterations ? m.dropped_iterations.values.count : 0,
    passed,
    ...more,
  };
  return { [__ENV.OUT]: JSON.stringify(row) };
}
