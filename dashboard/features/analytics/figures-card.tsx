"use client";

import { TimeChart } from "@/components/charts/time-chart";
import { Card, CardBody } from "@/components/ui/card";
import { Change } from "@/components/ui/stat";
import { cn } from "@/lib/cn";
import { shortDay } from "@/lib/days";
import { compact, NONE, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { type Metric, metrics } from "./period";

const labels: Record<Metric, string> = {
  posts: "Posts",
  views: "Views",
  likes: "Likes",
  comments: "Comments",
  shares: "Shares",
};

type FiguresProps = {
  data: components["schemas"]["Analytics"];
  zone: string;
  metric: Metric;
  onMetric: (metric: Metric) => void;
};

/** The sums of the period, and one of them over time beside the period before. */
export function FiguresCard({ data, zone, metric, onMetric }: FiguresProps) {
  const locale = useLocale();
  const points = data.series.map((point, place) => ({
    label: shortDay(point.start, locale, zone),
    values: { now: point[metric], before: data.previousSeries[place]?.[metric] ?? null },
  }));
  const empty = data.totals[metric] === null;
  return (
    <Card aria-label="Figures of the period">
      <fieldset aria-label="Figure" className="grid grid-cols-2 border-b sm:grid-cols-5 sm:divide-x">
        {metrics.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={metric === each}
            onClick={() => onMetric(each)}
            className={cn(
              "focus-inset border-b-2 px-4 py-3 text-left first:rounded-tl-lg hover:bg-hover",
              metric === each ? "border-b-accent" : "border-b-transparent",
            )}
          >
            <span className="block text-muted text-xs">{labels[each]}</span>
            <span className="mt-0.5 flex flex-wrap items-baseline gap-x-2">
              <span className="figures font-semibold text-xl" title={number(data.totals[each], locale)}>
                {data.totals[each] === null ? NONE : compact(data.totals[each], locale)}
              </span>
              <Change value={data.totals[each]} before={data.previousTotals[each]} />
            </span>
          </button>
        ))}
      </fieldset>
      <CardBody className="pt-4">
        {empty ? (
          <p className="grid h-66 place-items-center text-center text-muted">
            No platform of this period tells {labels[metric].toLowerCase()}.
          </p>
        ) : (
          <TimeChart
            title={`${labels[metric]} in the period and in the one before`}
            series={[
              { key: "now", label: labels[metric], color: 1 },
              { key: "before", label: "Period before", color: 2, faint: true },
            ]}
            points={points}
          />
        )}
      </CardBody>
    </Card>
  );
}
