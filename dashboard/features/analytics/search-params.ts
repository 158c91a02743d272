import { day, oneOf } from "@/lib/url/params";
import { groupings, intervals, metrics, presets } from "./period";

/** What the address of the analytics page holds; read by the page and by its components. */
export const analyticsParams = {
  days: oneOf(presets),
  from: day,
  to: day,
  interval: oneOf(intervals),
  by: oneOf(groupings, "platform"),
  metric: oneOf(metrics, "posts"),
};
