import { classify, fields } from "@/lib/query/errors";
import { explain } from "@/lib/query/explain";

export interface BulkReport<T> {
  done: T[];
  failures: { item: T; name: string; why: string }[];
  /** Not tried: the run was stopped by an outage or the end of the session. */
  left: T[];
}

export interface BulkDeps {
  wait: (milliseconds: number) => Promise<void>;
  onProgress: (done: number) => void;
}

const TRIES = 4;

/** Does one after the other, waits out rate limits, and stops where going on makes no sense. */
export async function runBulk<T>(
  items: readonly T[],
  name: (item: T) => string,
  act: (item: T) => Promise<unknown>,
  { wait, onProgress }: BulkDeps,
): Promise<BulkReport<T>> {
  const report: BulkReport<T> = { done: [], failures: [], left: [] };
  for (const [index, item] of items.entries()) {
    const error = await attempt(() => act(item), wait);
    const kind = error === undefined ? undefined : classify(error);
    if (kind === "outage" || kind === "session") return { ...report, left: items.slice(index) };
    if (error === undefined) report.done.push(item);
    else report.failures.push({ item, name: name(item), why: explain(error).advice });
    onProgress(index + 1);
  }
  return report;
}

async function attempt(act: () => Promise<unknown>, wait: BulkDeps["wait"]): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      await act();
      return undefined;
    } catch (error) {
      if (classify(error) !== "limited" || tries >= TRIES) return error;
      await wait(Math.max(fields(error).retryAfter ?? 0, 1) * 1000);
    }
  }
}
