import type { Metadata } from "next";
import { Suspense } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { GuildList } from "@/features/guilds/guild-list";
import { GuildListSkeleton } from "@/features/guilds/guild-list-skeleton";
import { guildsQuery } from "@/features/guilds/queries";
import { env } from "@/lib/env";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Servers" };

export default function ServersPage() {
  return (
    <>
      <PageHeader title="Servers" hint="The Discord servers you share with Trackbot." />
      <Suspense fallback={<GuildListSkeleton />}>
        <Prefetched queries={[guildsQuery]}>
          <GuildList inviteUrl={env().BOT_INVITE_URL} />
        </Prefetched>
      </Suspense>
    </>
  );
}
