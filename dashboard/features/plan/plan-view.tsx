"use client";

import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { useGuild } from "@/features/guilds/use-guilds";
import { useQuery } from "@/lib/query/use-query";
import { GraceCard } from "./grace-card";
import { PausedCard } from "./paused-card";
import { PlanNow } from "./plan-now";
import { PlanSkeleton } from "./plan-skeleton";
import { PlanTable } from "./plan-table";
import { planQuery } from "./queries";

/** What the plan allows, what is used, what its change ends with, and what else is to be had. */
export function PlanView({ guildId }: { guildId: string }) {
  const plan = useQuery(planQuery(guildId));
  const canManage = useGuild(guildId)?.canManage ?? false;
  return (
    <>
      <PageHeader title="Plan" hint="What this server may use, and how much of it is used." />
      {plan.data ? (
        <div className="grid grid-cols-1 gap-4">
          {plan.data.grace && <GraceCard guildId={guildId} plan={plan.data} grace={plan.data.grace} />}
          {plan.data.paused.total > 0 && <PausedCard guildId={guildId} plan={plan.data} />}
          <PlanNow plan={plan.data} />
          <PlanTable plan={plan.data} canManage={canManage} />
        </div>
      ) : plan.error ? (
        <QueryError error={plan.error} onRetry={() => void plan.refetch()} retrying={plan.isFetching} />
      ) : (
        <PlanSkeleton />
      )}
    </>
  );
}
