import type { Metadata } from "next";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { AnalyticsSkeleton } from "@/features/analytics/analytics-skeleton";
import { AnalyticsView } from "@/features/analytics/analytics-view";
import { queryOf } from "@/features/analytics/choice";
import { loadAnalyticsParams } from "@/features/analytics/search-params";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Analytics" };

type Props = { params: Promise<{ guildId: string }>; searchParams: Promise<SearchParams> };

export default async function AnalyticsPage({ params, searchParams }: Props) {
  const [{ guildId }, chosen] = await Promise.all([params, loadAnalyticsParams(searchParams)]);
  return (
    <Suspense fallback={<AnalyticsSkeleton />}>
      <Prefetched queries={[queryOf(guildId, chosen)]}>
        <NuqsAdapter>
          <AnalyticsView guildId={guildId} />
        </NuqsAdapter>
      </Prefetched>
    </Suspense>
  );
}
