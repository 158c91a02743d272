import type { Metadata } from "next";
import { routesQuery } from "@/features/routes/queries";
import { RoutesView } from "@/features/routes/routes-view";
import { brandsQuery, channelsQuery, groupsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Routes" };

export default async function RoutesPage({ params }: { params: Promise<{ guildId: string }> }) {
  const { guildId } = await params;
  const queries = [routesQuery(guildId), brandsQuery(guildId), groupsQuery(guildId), channelsQuery(guildId)];
  return (
    <Prefetched queries={queries}>
      <RoutesView guildId={guildId} />
    </Prefetched>
  );
}
