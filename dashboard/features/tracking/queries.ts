import { $api } from "@/lib/api-client";

const MINUTES = 60_000;
const path = (guildId: string) => ({ path: { guildId } });

/** The guild with its limits and counts. */
export const guildQuery = (guildId: string) =>
  $api.queryOptions("get", "/guilds/{guildId}", { params: path(guildId) }, { staleTime: MINUTES });

/** Brands and groups by name: a tenant's are few. */
export const brandsQuery = (guildId: string) =>
  $api.queryOptions(
    "get",
    "/guilds/{guildId}/brands",
    { params: { ...path(guildId), query: { limit: 100 } } },
    { staleTime: 5 * MINUTES },
  );

export const groupsQuery = (guildId: string) =>
  $api.queryOptions(
    "get",
    "/guilds/{guildId}/groups",
    { params: { ...path(guildId), query: { limit: 100 } } },
    { staleTime: 5 * MINUTES },
  );

/** The channels the bot sees, for pickers and names. */
export const channelsQuery = (guildId: string) =>
  $api.queryOptions(
    "get",
    "/guilds/{guildId}/channels",
    { params: { ...path(guildId), query: { limit: 100 } } },
    { staleTime: 5 * MINUTES },
  );
