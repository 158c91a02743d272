import { read } from "@/lib/read";
import type { components } from "@/lib/schema";

export type Figures = components["schemas"]["AnalyticsFigures"];
export type Interval = components["schemas"]["AnalyticsInterval"];
export type GroupBy = components["schemas"]["AnalyticsGroupBy"];

type Period = { days: number } | { from: string; to: string };
type Options = Period & { interval?: Interval; groupBy?: GroupBy };

/** The last `days` days with today, or a period; both ends are days of the guild's time zone and belong to it. */
export function analyticsQuery(guildId: string, options: Options) {
  const { interval, groupBy } = options;
  const period = "days" in options ? lastDays(options.days) : { from: options.from, to: options.to };
  const query = { ...period, ...(interval && { interval }), ...(groupBy && { groupBy }) };
  return read("/guilds/{guildId}/analytics", { params: { path: { guildId }, query } });
}

/** What the API takes when it is told no period; it knows the guild's today, which may be another day than ours. */
const DEFAULT_DAYS = 30;

/** The first and the last of so many days with today, by UTC; none for the API's own default. */
export function lastDays(days: number, now = Date.now()): { from?: string; to?: string } {
  if (days === DEFAULT_DAYS) return {};
  const day = (ago: number) => new Date(now - ago * 86_400_000).toISOString().slice(0, 10);
  return { from: day(days - 1), to: day(0) };
}

/** Likes, comments and shares together; null when no platform concerned offers any of them. */
export function interactions({ likes, comments, shares }: Omit<Figures, "posts" | "views">): number | null {
  const offered = [likes, comments, shares].filter((value) => value !== null);
  return offered.length === 0 ? null : offered.reduce((sum, value) => sum + value, 0);
}
