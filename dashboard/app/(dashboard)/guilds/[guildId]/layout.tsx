import type { ReactNode } from "react";
import { GuildScope } from "@/features/guilds/guild-scope";
import { guildQuery, statusQuery } from "@/features/guilds/queries";
import { Prefetched } from "@/lib/query/server";

type Props = { children: ReactNode; params: Promise<{ guildId: string }> };

export default async function GuildLayout({ children, params }: Props) {
  const { guildId } = await params;
  return (
    <Prefetched queries={[guildQuery(guildId), statusQuery(guildId)]}>
      <GuildScope guildId={guildId}>{children}</GuildScope>
    </Prefetched>
  );
}
