import { read } from "@/lib/read";

export { guildQuery } from "@/features/guilds/queries";

const FRESH = 5 * 60_000;
/** A tenant's brands, groups and channels are few: the first page is all of them. */
const all = (guildId: string) => ({ params: { path: { guildId }, query: { limit: 100 } } });

export const brandsQuery = (guildId: string) => ({
  ...read("/guilds/{guildId}/brands", all(guildId)),
  staleTime: FRESH,
});

export const groupsQuery = (guildId: string) => ({
  ...read("/guilds/{guildId}/groups", all(guildId)),
  staleTime: FRESH,
});

/** The channels the bot sees, for pickers and names. */
export const channelsQuery = (guildId: string) => ({
  ...read("/guilds/{guildId}/channels", all(guildId)),
  staleTime: FRESH,
});
