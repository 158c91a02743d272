import type { Metadata } from "next";
import { Suspense } from "react";
import { PlanSkeleton } from "@/features/plan/plan-skeleton";
import { PlanView } from "@/features/plan/plan-view";
import { planQuery } from "@/features/plan/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Plan" };

type Props = { params: Promise<{ guildId: string }> };

export default async function PlanPage({ params }: Props) {
  const { guildId } = await params;
  return (
    <Suspense fallback={<PlanSkeleton />}>
      <Prefetched queries={[planQuery(guildId)]}>
        <PlanView guildId={guildId} />
      </Prefetched>
    </Suspense>
  );
}
