import type { Metadata } from "next";
import { GuildData } from "@/features/leaving/guild-data";
import { deletionQuery } from "@/features/leaving/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Data" };

export default async function GuildDataPage({ params }: { params: Promise<{ guildId: string }> }) {
  const { guildId } = await params;
  return (
    <Prefetched queries={[deletionQuery(guildId)]}>
      <GuildData guildId={guildId} />
    </Prefetched>
  );
}
