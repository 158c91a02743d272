"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Table2 } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { TimeChartProps } from "./types";

const Plot = inBrowser(
  async () => (await import("./plot")).Plot,
  () => <Skeleton className="h-full rounded-lg" />,
);

/** Figures over time, drawn for the eye, with the same figures in a table for everybody who wants them in words. */
export function TimeChart({ title, kind = "line", series, points, className }: TimeChartProps) {
  const [table, setTable] = useState(false);
  const id = useId();
  return (
    <figure aria-labelledby={id} className={className}>
      <figcaption id={id} className="sr-only">
        {title}
      </figcaption>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
          {series.map((each) => (
            <li key={each.key} className="flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className={cn("h-0.5 w-3 rounded-full", each.faint && "opacity-60")}
                style={{ background: `var(--chart-${each.color})` }}
              />
              {each.label}
            </li>
          ))}
        </ul>
        <Button size="sm" variant="ghost" aria-pressed={table} onClick={() => setTable(!table)}>
          <Table2 aria-hidden="true" />
          {table ? "Chart" : "Table"}
        </Button>
      </div>
      {table ? (
        <div className="max-h-64 overflow-y-auto">
          <ChartTable title={title} series={series} points={points} />
        </div>
      ) : (
        <>
          <div aria-hidden="true" className="h-56">
            <Plot kind={kind} series={series} points={points} />
          </div>
          <div className="sr-only">
            <ChartTable title={title} series={series} points={points} />
          </div>
        </>
      )}
    </figure>
  );
}

function ChartTable({ title, series, points }: Pick<TimeChartProps, "title" | "series" | "points">) {
  const locale = useLocale();
  return (
    <Table caption={title}>
      <thead>
        <tr>
          <Th>Day</Th>
          {series.map((each) => (
            <Th key={each.key} numeric>
              {each.label}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <Tr key={point.label}>
            <Th className="h-8 border-0 font-normal text-fg text-sm" scope="row">
              {point.label}
            </Th>
            {series.map((each) => (
              <Td key={each.key} numeric className="h-8 py-1">
                {number(point.values[each.key], locale)}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
