import type { Account, AccountList } from "@/features/tracking/types";
import { classify, fields } from "@/lib/query/errors";

/**
 * The accounts of a guild, read page after page in the background: then search, filters and sort need no further call.
 * The API gives pages of 100 and a user 60 calls a minute, so the first pages come at once and the rest at a pace that
 * leaves most of the calls to everything else.
 */
export interface Walk extends AccountList {
  /** False for what was cut when it was stored. */
  complete?: boolean;
}

export interface WalkDeps {
  page: (cursor: string | null) => Promise<AccountList>;
  wait: (milliseconds: number) => Promise<void>;
  /** Called with what is there so far, while there is nothing complete to show. */
  publish: (walk: Walk) => void;
  /** False once nobody looks at the accounts any more: the walk stops and goes on later. */
  watched: () => boolean;
}

export const EAGER_PAGES = 8;
export const PACE = 1_500;

export const isComplete = (walk: Walk | undefined): boolean =>
  walk !== undefined && walk.nextCursor === null && walk.complete !== false;

/** Walks from where an unfinished walk stopped, else from the beginning. A complete one stays on screen meanwhile. */
export async function walk(before: Walk | undefined, deps: WalkDeps): Promise<Walk> {
  const resumes = before !== undefined && before.nextCursor !== null;
  const shows = isComplete(before);
  const items = new Map<string, Account>(resumes ? before.items.map((account) => [account.id, account]) : []);
  let cursor = resumes ? before.nextCursor : null;
  let asOf = resumes ? before.asOf : null;
  for (let pages = 1; ; pages++) {
    if (pages > EAGER_PAGES) await deps.wait(PACE);
    const page = await patiently(() => deps.page(cursor), deps);
    for (const account of page.items) items.set(account.id, account);
    cursor = page.nextCursor;
    asOf = older(asOf, page.asOf);
    const now: Walk = { items: [...items.values()], nextCursor: cursor, asOf };
    if (cursor === null) return now;
    if (!deps.watched()) return shows && before ? before : now;
    if (!shows) deps.publish(now);
  }
}

const older = (a: string | null, b: string | null) => (a === null || (b !== null && b < a) ? b : a);

/** Waits out a rate limit instead of giving up what is read so far. */
async function patiently<T>(read: () => Promise<T>, deps: WalkDeps): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (classify(error) !== "limited" || tries >= 3 || !deps.watched()) throw error;
      await deps.wait(Math.max(fields(error).retryAfter ?? 0, 1) * 1000);
    }
  }
}
