"use client";

import { QueryError } from "@/components/data/query-error";
import { Card, CardHeader } from "@/components/ui/card";
import { Stat } from "@/components/ui/stat";
import { analyticsQuery, interactions } from "@/features/analytics/queries";
import { useQuery } from "@/lib/query/use-query";
import { compareDays } from "./figures";
import { COMPARED_DAYS } from "./queries";
import { FiguresSkeleton } from "./skeletons";
import { useUsage } from "./use-usage";

const COMPARED = `the ${COMPARED_DAYS} days before`;
const MISSING = "The platforms you follow do not tell";

/** What happened in the last days, against the days before. */
export function KeyFigures({ guildId }: { guildId: string }) {
  const usage = useUsage(guildId);
  const analytics = useQuery(analyticsQuery(guildId, { days: COMPARED_DAYS }));
  if (!analytics.data) {
    if (!analytics.error) return <FiguresSkeleton />;
    return (
      <Card>
        <QueryError
          error={analytics.error}
          onRetry={() => void analytics.refetch()}
          retrying={analytics.isFetching}
          className="py-6"
        />
      </Card>
    );
  }
  const { totals: now, previousTotals: before } = analytics.data;
  const sent = compareDays(usage.data?.series ?? [], "notificationsSent", COMPARED_DAYS);
  const shared = { comparedWith: COMPARED, missing: MISSING };
  return (
    <Card aria-labelledby="figures">
      <CardHeader id="figures" title={`Last ${COMPARED_DAYS} days`} hint={`Changes are against ${COMPARED}.`} />
      <dl className="grid grid-cols-2 border-t max-lg:[&>*:nth-child(n+3)]:border-t max-lg:[&>*:nth-child(odd)]:border-r lg:grid-cols-4 lg:divide-x">
        <Stat label="New posts" value={now.posts} before={before.posts} {...shared} />
        <Stat label="Views" value={now.views} before={before.views} {...shared} />
        <Stat label="Interactions" value={interactions(now)} before={interactions(before)} {...shared} />
        <Stat label="Announcements" value={usage.data ? sent.now : null} before={sent.before} comparedWith={COMPARED} />
      </dl>
    </Card>
  );
}
