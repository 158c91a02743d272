import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ApiError } from "@/lib/problem";
import { read } from "@/lib/read";
import type { components } from "@/lib/schema";

export type Guild = components["schemas"]["Guild"];

/** How often the health of bot and queues is asked for while somebody looks at it. */
export const STATUS_INTERVAL = 8_000;
/** The same where it only feeds a banner. */
export const STATUS_INTERVAL_CALM = 60_000;

const PAGES = 20;

type Page = components["schemas"]["GuildList"];

/**
 * Every guild of the user, page after page: switcher, palette and list search in all of them. What a server component
 * fetched beforehand is the first page; with a cursor it is not complete and is asked for again.
 */
export const guildsQuery = queryOptions<Page, ApiError>({
  queryKey: ["get", "/guilds", { params: { query: { limit: 100 } } }],
  staleTime: ({ state }) => (state.data?.nextCursor ? 0 : 60_000),
  queryFn: async ({ signal }) => {
    const items: Guild[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PAGES; page++) {
      const query: { limit: number; cursor?: string } = cursor === null ? { limit: 100 } : { limit: 100, cursor };
      const { data }: { data?: Page } = await api.GET("/guilds", { params: { query }, signal });
      items.push(...(data?.items ?? []));
      cursor = data?.nextCursor ?? null;
      if (cursor === null) break;
    }
    return { items, nextCursor: null };
  },
});

export const guildQuery = (guildId: string) => read("/guilds/{guildId}", { params: { path: { guildId } } });

export const statusQuery = (guildId: string) => read("/guilds/{guildId}/status", { params: { path: { guildId } } });

export const usageQuery = (guildId: string, query: { from?: string; to?: string }) =>
  read("/guilds/{guildId}/usage", { params: { path: { guildId }, query } });
