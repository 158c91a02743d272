"use client";

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { type Counter, counterLabel } from "@/features/tracking/labels";
import type { MetricSnapshot } from "@/features/tracking/types";
import { asOf, compact, exactTime, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";

export const COUNTER_COLOR: Record<Counter, string> = {
  views: "var(--chart-1)",
  likes: "var(--chart-4)",
  comments: "var(--chart-2)",
  shares: "var(--chart-3)",
};

interface MetricPlotProps {
  items: readonly MetricSnapshot[];
  counters: readonly Counter[];
}

const tick = { fill: "var(--subtle)", fontSize: 11 };

/**
 * The drawing of a metric history, in a file of its own because the library is big. Time runs evenly along the axis,
 * since measurements come hourly at first and weekly in the end.
 */
export function MetricPlot({ items, counters }: MetricPlotProps) {
  const locale = useLocale();
  const data = items.map((item) => ({ ...item, at: Date.parse(item.measuredAt) }));
  const now = data.at(-1)?.at ?? 0;
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 256 }}>
      <LineChart data={data} margin={{ top: 4, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={["dataMin", "dataMax"]}
          tickFormatter={(at: number) => asOf(at, now, locale)}
          minTickGap={56}
          {...{ tick, tickLine: false, axisLine: false, tickMargin: 8 }}
        />
        <YAxis
          width={44}
          allowDecimals={false}
          tickFormatter={(value: number) => compact(value, locale)}
          {...{ tick, tickLine: false, axisLine: false }}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--line-strong)" }}
          content={({ active, payload }) => {
            const point = payload?.[0]?.payload as MetricSnapshot | undefined;
            return active && point ? <Tip point={point} counters={counters} /> : null;
          }}
        />
        {counters.map((counter) => (
          <Line
            key={counter}
            dataKey={counter}
            name={counterLabel[counter]}
            type="monotone"
            stroke={COUNTER_COLOR[counter]}
            strokeWidth={2}
            dot={data.length < 3}
            activeDot={{ r: 3, strokeWidth: 0 }}
            isAnimationActive={false}
            connectNulls
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

function Tip({ point, counters }: { point: MetricSnapshot; counters: readonly Counter[] }) {
  const locale = useLocale();
  return (
    <div className="rounded-md border bg-raised px-2.5 py-2 text-xs shadow-raised">
      <p className="mb-1 font-medium">{exactTime(point.measuredAt, locale)}</p>
      {counters.map((counter) => (
        <p key={counter} className="flex items-center gap-2 text-muted">
          <span className="h-0.5 w-2.5 rounded-full" style={{ background: COUNTER_COLOR[counter] }} />
          {counterLabel[counter]}
          <span className="figures ml-auto pl-4 font-medium text-fg">{number(point[counter], locale)}</span>
        </p>
      ))}
    </div>
  );
}
