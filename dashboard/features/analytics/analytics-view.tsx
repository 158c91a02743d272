"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { PageHeader } from "@/components/shell/page-header";
import { guildQuery } from "@/features/guilds/queries";
import { date } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";
import { useParamsState } from "@/lib/url/use-params";
import { AnalyticsSkeleton } from "./analytics-skeleton";
import { queryOf } from "./choice";
import { Controls } from "./controls";
import { FiguresCard } from "./figures-card";
import { GroupsTable } from "./groups-table";
import { analyticsParams } from "./search-params";

/** How the tracked accounts perform over a period, against the one before. */
export function AnalyticsView({ guildId }: { guildId: string }) {
  const [params, setParams] = useParamsState(analyticsParams);
  const query = useQuery({ ...queryOf(guildId, params), placeholderData: keepPreviousData });
  const zone = useQuery(guildQuery(guildId)).data?.settings.timezone ?? "UTC";
  const { data, error, refetch, isFetching, isPlaceholderData } = query;
  return (
    <>
      <PageHeader
        title="Analytics"
        hint={data ? <Period data={data} zone={zone} /> : "How what you follow performs."}
      />
      <Controls params={params} onChange={(next) => setParams(next)} />
      {data ? (
        <div
          className="grid grid-cols-1 gap-4 transition-opacity aria-busy:opacity-60"
          aria-busy={isPlaceholderData || undefined}
        >
          <FiguresCard data={data} zone={zone} metric={params.metric} onMetric={(metric) => setParams({ metric })} />
          <GroupsTable data={data} by={params.by} />
        </div>
      ) : error ? (
        <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <AnalyticsSkeleton />
      )}
    </>
  );
}

function Period({ data, zone }: { data: components["schemas"]["Analytics"]; zone: string }) {
  const locale = useLocale();
  const last = new Date(Date.parse(data.period.to) - 1);
  return (
    <>
      {date(data.period.from, locale, zone)} to {date(last, locale, zone)}
      {data.asOf && (
        <>
          , as of <RelativeTime at={data.asOf} />
        </>
      )}
    </>
  );
}
