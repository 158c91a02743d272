import type { Metadata } from "next";
import { Suspense } from "react";
import { isRange, usageOf } from "@/features/usage/ranges";
import { UsageSkeleton } from "@/features/usage/usage-skeleton";
import { UsageView } from "@/features/usage/usage-view";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Usage" };

type Props = { params: Promise<{ guildId: string }>; searchParams: Promise<{ range?: string | string[] }> };

export default async function UsagePage({ params, searchParams }: Props) {
  const [{ guildId }, { range }] = await Promise.all([params, searchParams]);
  const chosen = typeof range === "string" && isRange(range) ? range : "30";
  return (
    <Suspense fallback={<UsageSkeleton />}>
      <Prefetched queries={[usageOf(guildId, chosen)]}>
        <UsageView guildId={guildId} />
      </Prefetched>
    </Suspense>
  );
}
