import { Suspense } from "react";
import { analyticsQuery } from "@/features/analytics/queries";
import { usageQuery } from "@/features/guilds/queries";
import { Overview } from "@/features/overview/overview";
import { CHART_DAYS, COMPARED_DAYS, latestPostsQuery, troubledQuery } from "@/features/overview/queries";
import { OverviewSkeleton } from "@/features/overview/skeletons";
import { Prefetched } from "@/lib/query/server";

type Props = { params: Promise<{ guildId: string }> };

export const metadata = { title: "Overview" };

export default async function OverviewPage({ params }: Props) {
  const { guildId } = await params;
  const queries = [
    usageQuery(guildId, {}),
    analyticsQuery(guildId, { days: COMPARED_DAYS }),
    analyticsQuery(guildId, { days: CHART_DAYS }),
    latestPostsQuery(guildId),
    troubledQuery(guildId),
  ];
  return (
    <Suspense fallback={<OverviewSkeleton />}>
      <Prefetched queries={queries}>
        <Overview guildId={guildId} />
      </Prefetched>
    </Suspense>
  );
}
