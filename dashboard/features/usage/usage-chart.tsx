"use client";

import { useState } from "react";
import { TimeChart } from "@/components/charts/time-chart";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { UsageKey } from "@/features/overview/figures";
import { cn } from "@/lib/cn";
import { shortDay } from "@/lib/days";
import { compact, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";

const metrics: readonly { value: UsageKey; label: string }[] = [
  { value: "polls", label: "Polls" },
  { value: "postsTracked", label: "Posts tracked" },
  { value: "notificationsSent", label: "Announcements" },
  { value: "apiRequests", label: "API requests" },
  { value: "apiRequestsRefused", label: "Refused requests" },
  { value: "exports", label: "Exports" },
];

/** The metered figures: their sums, and one of them day by day. */
export function UsageChart({ usage }: { usage: components["schemas"]["Usage"] }) {
  const [metric, setMetric] = useState<UsageKey>("postsTracked");
  const locale = useLocale();
  const label = metrics.find((each) => each.value === metric)?.label ?? "";
  const points = usage.series.map((day) => ({
    label: shortDay(day.date, locale),
    values: { [metric]: day[metric] },
  }));
  return (
    <Card aria-labelledby="series">
      <CardHeader id="series" title="Day by day" hint="Choose a figure to see its days" />
      <div className="grid grid-cols-2 border-y sm:grid-cols-6 sm:divide-x">
        {metrics.map((each) => (
          <button
            key={each.value}
            type="button"
            aria-pressed={metric === each.value}
            onClick={() => setMetric(each.value)}
            className={cn("focus-inset px-4 py-3 text-left hover:bg-hover", metric === each.value && "bg-hover")}
          >
            <span className="block truncate text-muted text-xs">{each.label}</span>
            <span
              className="figures mt-0.5 block font-semibold text-lg"
              title={number(usage.totals[each.value], locale)}
            >
              {compact(usage.totals[each.value], locale)}
            </span>
          </button>
        ))}
      </div>
      <CardBody className="pt-4">
        <TimeChart title={`${label} a day`} kind="bar" series={[{ key: metric, label, color: 1 }]} points={points} />
      </CardBody>
    </Card>
  );
}
