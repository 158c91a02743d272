import type { Metadata } from "next";
import { Suspense } from "react";
import { AnalyticsSkeleton } from "@/features/analytics/analytics-skeleton";
import { AnalyticsView } from "@/features/analytics/analytics-view";
import { queryOf } from "@/features/analytics/choice";
import { analyticsParams } from "@/features/analytics/search-params";
import { Prefetched } from "@/lib/query/server";
import { readParams, type SearchParams } from "@/lib/url/params";

export const metadata: Metadata = { title: "Analytics" };

type Props = { params: Promise<{ guildId: string }>; searchParams: Promise<SearchParams> };

export default async function AnalyticsPage({ params, searchParams }: Props) {
  const [{ guildId }, search] = await Promise.all([params, searchParams]);
  return (
    <Suspense fallback={<AnalyticsSkeleton />}>
      <Prefetched queries={[queryOf(guildId, readParams(analyticsParams, search))]}>
        <AnalyticsView guildId={guildId} />
      </Prefetched>
    </Suspense>
  );
}
