import { classify, fields } from "@/lib/query/errors";
import { explain } from "@/lib/query/explain";

export interface BulkReport {
  done: number;
  /** Not tried: the run was stopped by an outage or the end of the session. */
  left: number;
  failures: { name: string; why: string }[];
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
): Promise<BulkReport> {
  const report: BulkReport = { done: 0, left: items.length, failures: [] };
  for (const item of items) {
    const error = await attempt(() => act(item), wait);
    const kind = error === undefined ? undefined : classify(error);
    if (kind === "outage" || kind === "session") return report;
    report.left -= 1;
    if (error === undefined) report.done += 1;
    else report.failures.push({ name: name(item), why: explain(error).advice });
    onProgress(items.length - report.left);
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
