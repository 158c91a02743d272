"use client";

import { TimeChart } from "@/components/charts/time-chart";
import { QueryError } from "@/components/data/query-error";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { date } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { CHART_DAYS } from "./queries";
import { useUsage } from "./use-usage";

const series = [
  { key: "postsTracked", label: "New posts", color: 1 },
  { key: "notificationsSent", label: "Announcements", color: 2 },
] as const;

/** What came in and what went out, day by day. */
export function ActivityCard({ guildId }: { guildId: string }) {
  const { data, error, refetch, isFetching } = useUsage(guildId);
  const locale = useLocale();
  const points = data?.series.slice(-CHART_DAYS).map((day) => ({
    label: date(day.date, locale, "UTC"),
    values: { postsTracked: day.postsTracked, notificationsSent: day.notificationsSent },
  }));
  return (
    <Card aria-labelledby="activity">
      <CardHeader id="activity" title="Activity" hint={`The last ${CHART_DAYS} days, by UTC day`} />
      <CardBody>
        {points ? (
          <TimeChart title="New posts and announcements a day" kind="bar" series={series} points={points} />
        ) : error ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} className="py-8" />
        ) : (
          <Skeleton className="h-66 rounded-lg" />
        )}
      </CardBody>
    </Card>
  );
}
