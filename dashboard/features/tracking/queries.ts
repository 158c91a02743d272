import { read } from "@/lib/read";
import { readAll } from "@/lib/read-all";
import type { Platform } from "./types";

export { guildQuery } from "@/features/guilds/queries";

const FRESH = 5 * 60_000;

export const brandsQuery = (guildId: string) => readAll("/guilds/{guildId}/brands", { path: { guildId } }, FRESH);

export const groupsQuery = (guildId: string) => readAll("/guilds/{guildId}/groups", { path: { guildId } }, FRESH);

/** The channels the bot sees, for pickers and names. */
export const channelsQuery = (guildId: string) => readAll("/guilds/{guildId}/channels", { path: { guildId } }, FRESH);

/** The newest accounts of a platform, for the names of posts that name no author. */
export const namesakesQuery = (guildId: string, platform: Platform) => ({
  ...read("/guilds/{guildId}/accounts", { params: { path: { guildId }, query: { platform, limit: 100 } } }),
  staleTime: 600_000, // names seldom change
});
