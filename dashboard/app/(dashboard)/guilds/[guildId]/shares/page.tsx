import type { Metadata } from "next";
import { sharesQuery } from "@/features/shares/queries";
import { SharesView } from "@/features/shares/shares-view";
import { brandsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Shares" };

export default async function SharesPage({ params }: { params: Promise<{ guildId: string }> }) {
  const { guildId } = await params;
  return (
    <Prefetched queries={[sharesQuery(guildId), brandsQuery(guildId)]}>
      <SharesView guildId={guildId} />
    </Prefetched>
  );
}
