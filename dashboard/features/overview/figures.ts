import type { components } from "@/lib/schema";

type UsageDay = components["schemas"]["UsageDay"];
export type UsageKey = Exclude<keyof UsageDay, "date">;

/** The last `days` days of a series and those before them, summed; a shorter series has no days before. */
export function compareDays(
  series: readonly UsageDay[],
  key: UsageKey,
  days: number,
): { now: number; before: number | undefined } {
  const sum = (part: readonly UsageDay[]) => part.reduce((total, day) => total + day[key], 0);
  const split = Math.max(0, series.length - days);
  const before = series.slice(Math.max(0, split - days), split);
  return { now: sum(series.slice(split)), before: before.length === days ? sum(before) : undefined };
}

/** "2026-11-22" of the day `ago` days before `now`, by UTC as use is metered. */
export function utcDay(now: number, ago = 0): string {
  return new Date(now - ago * 86_400_000).toISOString().slice(0, 10);
}
