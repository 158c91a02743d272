"use client";

import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { guildQuery } from "@/features/guilds/queries";
import { useQuery } from "@/lib/query/use-query";
import { useParam } from "@/lib/url/use-params";
import { PlanCard } from "./plan-card";
import { isRange, rangeParam, ranges, usageOf } from "./ranges";
import { UsageChart } from "./usage-chart";
import { UsageSkeleton } from "./usage-skeleton";

export function UsageView({ guildId }: { guildId: string }) {
  const [range, setRange] = useParam("range", rangeParam);
  const guild = useQuery(guildQuery(guildId));
  const usage = useQuery(usageOf(guildId, range));
  const failed = [guild, usage].find((query) => !query.data && query.error);
  return (
    <>
      <PageHeader
        title="Usage"
        hint="What this server uses of its plan, metered by UTC day."
        actions={
          <SegmentedControl
            label="Period"
            value={range}
            onValueChange={(next) => isRange(next) && setRange(next)}
            options={ranges.map((days) => ({ value: days, label: `${days} days` }))}
          />
        }
      />
      {failed ? (
        <QueryError error={failed.error} onRetry={() => void failed.refetch()} retrying={failed.isFetching} />
      ) : guild.data && usage.data ? (
        <div className="grid grid-cols-1 gap-4">
          <PlanCard guild={guild.data} usage={usage.data} />
          <UsageChart usage={usage.data} />
        </div>
      ) : (
        <UsageSkeleton />
      )}
    </>
  );
}
