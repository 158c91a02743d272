import { keepPreviousData } from "@tanstack/react-query";
import { usageQuery } from "@/features/guilds/queries";
import { utcDay } from "@/features/overview/figures";
import { oneOf } from "@/lib/url/params";

export const ranges = ["7", "30", "90"] as const;
export type Range = (typeof ranges)[number];

export const rangeParam = oneOf(ranges, "30");

export const isRange = (value: string): value is Range => (ranges as readonly string[]).includes(value);

/** The last days, today included. Thirty are what the API gives without a period. */
export function usageOf(guildId: string, range: Range, now = Date.now()) {
  const period = range === "30" ? {} : { from: utcDay(now, Number(range) - 1), to: utcDay(now) };
  return { ...usageQuery(guildId, period), placeholderData: keepPreviousData };
}
