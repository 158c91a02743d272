"use client";

import { useMemo } from "react";
import { useStale } from "@/lib/query/provider";
import { useQuery } from "@/lib/query/use-query";
import { brandsQuery, channelsQuery, groupsQuery, guildQuery } from "./queries";
import type { Brand, Channel, Group } from "./types";

const byId = <T extends { id: string }>(items: readonly T[] | undefined) =>
  new Map((items ?? []).map((item) => [item.id, item]));

export interface Places {
  brands: readonly Brand[];
  groups: readonly Group[];
  channels: readonly Channel[];
  brand: (id: string) => Brand | undefined;
  group: (id: string) => Group | undefined;
  /** "#name"; the bare id when the bot does not see the channel. */
  channel: (id: string) => string;
}

const none: never[] = [];

/** Brands, groups and channels of the guild, by id and in order. */
export function usePlaces(guildId: string): Places {
  const brands = useQuery(brandsQuery(guildId)).data?.items ?? none;
  const groups = useQuery(groupsQuery(guildId)).data?.items ?? none;
  const channels = useQuery(channelsQuery(guildId)).data?.items ?? none;
  return useMemo(() => {
    const [brandOf, groupOf, channelOf] = [byId(brands), byId(groups), byId(channels)];
    return {
      brands,
      groups,
      channels,
      brand: (id) => brandOf.get(id),
      group: (id) => groupOf.get(id),
      channel: (id) => `#${channelOf.get(id)?.name ?? id}`,
    };
  }, [brands, groups, channels]);
}

export interface WriteAccess {
  /** Whether the user may change the guild at all: whoever may not sees no buttons. */
  canManage: boolean;
  /** Why not right now; undefined when writes are possible. */
  blocked: string | undefined;
  /** Likewise of what takes away and does not add: files, deletion, the end of keys and links. A suspended guild may. */
  away: string | undefined;
}

export function useWriteAccess(guildId: string): WriteAccess {
  const guild = useQuery(guildQuery(guildId)).data;
  const stale = useStale();
  const canManage = guild?.canManage ?? false;
  const suspended = Boolean(guild?.suspension);
  return useMemo(() => {
    const away = stale ? "Changes wait until Trackbot answers again." : undefined;
    return {
      canManage,
      away,
      blocked: away ?? (suspended ? "This server is suspended." : undefined),
    };
  }, [canManage, stale, suspended]);
}
