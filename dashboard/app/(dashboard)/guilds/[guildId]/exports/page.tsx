import type { Metadata } from "next";
import { ExportsView } from "@/features/exports/exports-view";
import { exportsQuery } from "@/features/exports/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Exports" };

export default async function ExportsPage({ params }: { params: Promise<{ guildId: string }> }) {
  const { guildId } = await params;
  return (
    <Prefetched queries={[exportsQuery(guildId)]}>
      <ExportsView guildId={guildId} />
    </Prefetched>
  );
}
