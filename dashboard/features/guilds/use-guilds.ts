"use client";

import { useQuery } from "@/lib/query/use-query";
import { type Guild, guildQuery, guildsQuery } from "./queries";

const none: Guild[] = [];

export function useGuilds(): { guilds: Guild[]; isPending: boolean } {
  const { data, isPending } = useQuery(guildsQuery);
  return { guilds: data?.items ?? none, isPending };
}

/** The guild of the page, from what is known already; undefined while nothing is. */
export function useGuild(guildId: string | undefined): Omit<Guild, "accounts"> | undefined {
  const { data: detail } = useQuery({ ...guildQuery(guildId ?? ""), enabled: guildId !== undefined });
  const { guilds } = useGuilds();
  return detail ?? guilds.find((guild) => guild.id === guildId);
}
