"use client";

import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { compact, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { Point, Series, TimeChartProps } from "./types";

const tick = { fill: "var(--subtle)", fontSize: 11 };

/** The drawing of a TimeChart, in a file of its own because the library is big. */
export function Plot({ kind, series, points }: Pick<TimeChartProps, "kind" | "series" | "points">) {
  const locale = useLocale();
  const data = points.map((point) => ({ label: point.label, ...point.values }));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 224 }}>
      <ComposedChart
        data={data}
        margin={{ top: 4, right: 4, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        barCategoryGap="20%"
      >
        <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
        <XAxis dataKey="label" tick={tick} tickLine={false} axisLine={false} minTickGap={32} tickMargin={8} />
        <YAxis
          tick={tick}
          tickLine={false}
          axisLine={false}
          width={40}
          allowDecimals={false}
          tickFormatter={(value: number) => compact(value, locale)}
        />
        <Tooltip
          cursor={{ fill: "var(--hover)", stroke: "var(--line-strong)" }}
          isAnimationActive={false}
          content={({ active, payload, label }) =>
            active && payload?.length ? <Tip label={String(label)} series={series} point={payload[0]?.payload} /> : null
          }
        />
        {series.map((each) => {
          const color = `var(--chart-${each.color})`;
          const shared = { dataKey: each.key, name: each.label, isAnimationActive: false } as const;
          if (kind === "bar" && !each.faint) {
            return <Bar key={each.key} {...shared} fill={color} radius={[2, 2, 0, 0]} maxBarSize={18} />;
          }
          return (
            <Line
              key={each.key}
              {...shared}
              type="monotone"
              stroke={color}
              strokeWidth={each.faint ? 1.25 : 2}
              strokeDasharray={each.faint ? "4 4" : undefined}
              strokeOpacity={each.faint ? 0.7 : 1}
              dot={false}
              activeDot={{ r: 3, strokeWidth: 0 }}
              connectNulls
            />
          );
        })}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

type TipProps = { label: string; series: readonly Series[]; point: Point["values"] | undefined };

function Tip({ label, series, point }: TipProps) {
  const locale = useLocale();
  return (
    <div className="rounded-md border bg-raised px-2.5 py-2 text-xs shadow-raised">
      <p className="mb-1 font-medium">{label}</p>
      {series.map((each) => (
        <p key={each.key} className="flex items-center gap-2 text-muted">
          <span className="h-0.5 w-2.5 rounded-full" style={{ background: `var(--chart-${each.color})` }} />
          {each.label}
          <span className="figures ml-auto pl-4 font-medium text-fg">{number(point?.[each.key], locale)}</span>
        </p>
      ))}
    </div>
  );
}
