import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { PostList } from "@/features/tracking/types";
import { api } from "@/lib/api-client";
import { read } from "@/lib/read";
import { type PostFilters, toQuery } from "./filters";
import type { Pages } from "./merge";

const path = "/guilds/{guildId}/posts" as const;
const PAGE = 100;
const FRESH = 30_000;
const MINUTE = 60_000;

/** The key of a list: [method, path, init] of its first page, which the server can fetch beforehand. */
const listKey = (guildId: string, filters: PostFilters) =>
  ["get", path, { params: { path: { guildId }, query: { ...toQuery(filters), limit: PAGE } } }, "pages"] as const;

/** Searches are many and soon of no use: they are not stored, and forgotten after some minutes. */
const passing = (filters: PostFilters) => (filters.q.trim() ? { meta: { persist: false }, gcTime: 5 * MINUTE } : {});

async function postsPage(guildId: string, filters: PostFilters, cursor: string | null, signal: AbortSignal) {
  const query = { ...toQuery(filters), limit: PAGE, ...(cursor !== null && { cursor }) };
  const { data } = await api.GET(path, { params: { path: { guildId }, query }, signal });
  if (!data) throw new Error("list posts: no content");
  return data;
}

/**
 * The posts, page by page. "static": a list of many pages is never read again as a whole; its first page is, see
 * newestPostsQuery, and joins it.
 */
export function postsQuery(guildId: string, filters: PostFilters) {
  const queryKey = listKey(guildId, filters);
  return infiniteQueryOptions<PostList, Error, Pages, typeof queryKey, string | null>({
    queryKey,
    queryFn: ({ pageParam, signal }) => postsPage(guildId, filters, pageParam, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: "static",
    ...passing(filters),
  });
}

/** The first page alone, as new as the screen needs it. */
export function newestPostsQuery(guildId: string, filters: PostFilters) {
  const [method, where, init] = listKey(guildId, filters);
  return queryOptions({
    queryKey: [method, where, init, "head"] as const,
    queryFn: ({ signal }) => postsPage(guildId, filters, null, signal),
    staleTime: FRESH,
    refetchInterval: MINUTE,
    meta: { persist: false },
    gcTime: MINUTE,
  });
}

const one = (guildId: string, postId: string) => ({ params: { path: { guildId, postId } } });

export const postQuery = (guildId: string, postId: string) =>
  read("/guilds/{guildId}/posts/{postId}", one(guildId, postId));

export const metricsQuery = (guildId: string, postId: string) =>
  read("/guilds/{guildId}/posts/{postId}/metrics", one(guildId, postId));

export const deliveriesQuery = (guildId: string, postId: string) =>
  read("/guilds/{guildId}/posts/{postId}/deliveries", one(guildId, postId));
