"use client";

import { TimeChart } from "@/components/charts/time-chart";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { analyticsQuery } from "@/features/analytics/queries";
import { guildQuery } from "@/features/guilds/queries";
import { shortDay } from "@/lib/days";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import { CHART_DAYS } from "./queries";

const series = [
  { key: "posts", label: "New posts", color: 1 },
  { key: "before", label: `The ${CHART_DAYS} days before`, color: 2, faint: true },
] as const;

/** How much was published, day by day, against the days before. */
export function ActivityCard({ guildId }: { guildId: string }) {
  const { data, error, refetch, isFetching } = useQuery(analyticsQuery(guildId, { days: CHART_DAYS }));
  const zone = useQuery(guildQuery(guildId)).data?.settings.timezone;
  const locale = useLocale();
  const points = data?.series.map((point, place) => ({
    label: shortDay(point.start, locale, zone),
    values: { posts: point.posts, before: data.previousSeries[place]?.posts ?? null },
  }));
  return (
    <Card aria-labelledby="activity">
      <CardHeader
        id="activity"
        title="Activity"
        hint={
          <>
            The last {CHART_DAYS} days
            {data?.asOf && (
              <>
                , as of <RelativeTime at={data.asOf} />
              </>
            )}
          </>
        }
      />
      <CardBody>
        {points ? (
          <TimeChart title="New posts a day" kind="bar" series={series} points={points} />
        ) : error ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} className="py-8" />
        ) : (
          <Skeleton className="h-66 rounded-lg" />
        )}
      </CardBody>
    </Card>
  );
}
