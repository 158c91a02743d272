import { defaultInterval, type Metric, type Preset, periodOf } from "./period";
import { analyticsQuery, type GroupBy, type Interval } from "./queries";

export type Params = {
  days: Preset | null;
  from: string | null;
  to: string | null;
  interval: Interval | null;
  by: GroupBy;
  metric: Metric;
};

/** The call that an address asks for. */
export function queryOf(guildId: string, params: Params) {
  const period = periodOf(params);
  return analyticsQuery(guildId, {
    ...period,
    interval: params.interval ?? defaultInterval(period),
    groupBy: params.by,
  });
}
