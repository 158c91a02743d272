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
  return read("/guilds/{guildId}/analytics", {
    params: { path: { guildId }, query: { ...period, interval, groupBy } },
  });
}

/** Days by UTC. Where the guild's day is another one, the API's period in the answer says which days it took. */
export function lastDays(days: number, now = Date.now()): { from: string; to: string } {
  const day = (ago: number) => new Date(now - ago * 86_400_000).toISOString().slice(0, 10);
  return { from: day(days - 1), to: day(0) };
}

/** Likes, comments and shares together; null when no platform concerned offers any of them. */
export function interactions({ likes, comments, shares }: Figures): number | null {
  const offered = [likes, comments, shares].filter((value) => value !== null);
  return offered.length === 0 ? null : offered.reduce((sum, value) => sum + value, 0);
}
