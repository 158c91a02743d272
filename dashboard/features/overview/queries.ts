import { read } from "@/lib/read";

/** How many posts the overview shows. */
export const LATEST_POSTS = 6;

export const latestPostsQuery = (guildId: string) =>
  read("/guilds/{guildId}/posts", { params: { path: { guildId }, query: { limit: LATEST_POSTS } } });

export const accountsInStateQuery = (guildId: string, state: "failing" | "gone" | "paused_by_plan") =>
  read("/guilds/{guildId}/accounts", { params: { path: { guildId }, query: { state, limit: 5 } } });

export const troubled = ["failing", "gone", "paused_by_plan"] as const;

/** How many days the overview compares with those before. */
export const COMPARED_DAYS = 7;
/** How many days its chart shows. */
export const CHART_DAYS = 30;
