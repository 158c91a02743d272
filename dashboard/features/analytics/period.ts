import type { GroupBy, Interval } from "./queries";

export const presets = ["7", "30", "90"] as const;
export const intervals = ["day", "week"] as const satisfies readonly Interval[];
export const groupings = ["platform", "brand", "account"] as const satisfies readonly GroupBy[];
export const metrics = ["posts", "views", "likes", "comments", "shares"] as const;

export type Preset = (typeof presets)[number];
export type Metric = (typeof metrics)[number];

/** What the address says: a preset, or two days. */
export type Choice = { days: Preset | null; from: string | null; to: string | null };

/** Longest period that the API takes. */
export const MAX_DAYS = 366;
const DAY = 86_400_000;

export function isDay(value: string | null): value is string {
  if (value === null || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(value);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(value);
}

/** The period of an address; what makes none, such as an end before its begin, is the last 30 days. */
export function periodOf({ days, from, to }: Choice): { days: number } | { from: string; to: string } {
  if (days !== null) return { days: Number(days) };
  if (!isDay(from) || !isDay(to)) return { days: 30 };
  const length = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return length >= 1 && length <= MAX_DAYS ? { from, to } : { days: 30 };
}

/** A year of days makes too many points to read; the address may still ask for them. */
export function defaultInterval(period: { days: number } | { from: string; to: string }): Interval {
  const length = "days" in period ? period.days : (Date.parse(period.to) - Date.parse(period.from)) / DAY + 1;
  return length > 120 ? "week" : "day";
}

/** "2026-11-22" of a date as its reader sees it. */
export function dayOf(date: Date): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}
