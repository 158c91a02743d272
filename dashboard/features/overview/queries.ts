import { read } from "@/lib/read";

/** How many posts the overview shows. */
export const LATEST_POSTS = 6;

export const latestPostsQuery = (guildId: string) =>
  read("/guilds/{guildId}/posts", { params: { path: { guildId }, query: { limit: LATEST_POSTS } } });

/** The newest of the accounts that somebody should look at. */
export const troubledQuery = (guildId: string) =>
  read("/guilds/{guildId}/accounts", {
    params: { path: { guildId }, query: { state: ["failing", "gone", "paused_by_plan"], limit: 30 } },
  });

/** How many days the overview compares with those before. */
export const COMPARED_DAYS = 7;
/** How many days its chart shows. */
export const CHART_DAYS = 30;
