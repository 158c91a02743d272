import type { PostFilters } from "./filters";

export type Range = Pick<PostFilters, "from" | "to">;

const DAY = 24 * 60 * 60 * 1000;

/** The day in the reader's time zone, as 2026-11-22. */
export function day(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last `days` days with today. */
export function lastDays(days: number, now: number): Range {
  return { from: day(now - (days - 1) * DAY), to: null };
}

export function rangeLabel({ from, to }: Range): string {
  if (from && to) return from === to ? from : `${from} to ${to}`;
  if (from) return `From ${from}`;
  return to ? `Until ${to}` : "Any time";
}
