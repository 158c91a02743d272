import type { Counter } from "@/features/tracking/labels";
import type { MetricSnapshot } from "@/features/tracking/types";

export const COUNTERS = ["views", "likes", "comments", "shares"] as const satisfies readonly Counter[];

/** The counters that were measured at all: what a platform lacks has no line. */
export function measured(items: readonly MetricSnapshot[]): Counter[] {
  return COUNTERS.filter((counter) => items.some((item) => item[counter] !== null));
}

/**
 * Which counters share a scale. Views are often hundreds of times the rest, which would lie flat on the ground beside
 * them; they get a chart of their own then.
 */
export function scales(items: readonly MetricSnapshot[]): Counter[][] {
  const counters = measured(items);
  const peak = (counter: Counter) => Math.max(0, ...items.map((item) => item[counter] ?? 0));
  const others = counters.filter((counter) => counter !== "views");
  const highest = Math.max(0, ...others.map(peak));
  if (!counters.includes("views") || others.length === 0 || peak("views") <= highest * 8) {
    return counters.length > 0 ? [counters] : [];
  }
  return [["views"], others];
}
