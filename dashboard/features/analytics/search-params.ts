import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { groupings, intervals, metrics, presets } from "./period";

/** What the address of the analytics page holds; read by the page and by its components. */
export const analyticsParams = {
  days: parseAsStringLiteral(presets),
  from: parseAsString,
  to: parseAsString,
  interval: parseAsStringLiteral(intervals),
  by: parseAsStringLiteral(groupings).withDefault("platform"),
  metric: parseAsStringLiteral(metrics).withDefault("posts"),
};

export const loadAnalyticsParams = createLoader(analyticsParams);
