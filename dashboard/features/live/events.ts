import type { Query, QueryClient } from "@tanstack/react-query";
import { withExport } from "@/features/exports/merge";
import { isMoving } from "@/features/exports/queries";
import { statusQuery } from "@/features/guilds/queries";
import { LATEST_POSTS, latestPostsQuery } from "@/features/overview/queries";
import { deliveriesQuery, postQuery } from "@/features/posts/queries";
import { isUnderWay } from "@/features/posts/under-way";
import type { Post, PostList } from "@/features/tracking/types";
import type { components } from "@/lib/schema";

const POSTS = "/guilds/{guildId}/posts";
const EXPORTS = "/guilds/{guildId}/exports";

type Schemas = components["schemas"];

/** An event of a guild's stream, as `x-events` of the contract has it. */
export type LiveEvent =
  | { type: "status"; data: Schemas["GuildStatus"] }
  | { type: "post"; data: Post }
  | { type: "export"; data: Schemas["Export"] };

export const EVENT_TYPES = ["status", "post", "export"] as const satisfies readonly LiveEvent["type"][];

/** Puts what an event tells into the data on screen. What is not on screen is asked for when it is. */
export function apply(client: QueryClient, guildId: string, event: LiveEvent): void {
  if (event.type === "status") client.setQueryData(statusQuery(guildId).queryKey, event.data);
  if (event.type === "post") applyPost(client, guildId, event.data);
  if (event.type === "export") applyExport(client, guildId, event.data);
}

function applyPost(client: QueryClient, guildId: string, post: Post): void {
  client.setQueryData(latestPostsQuery(guildId).queryKey, (list) => withPost(list, post, LATEST_POSTS));
  client.setQueryData(postQuery(guildId, post.id).queryKey, (known) => known && post);
  void client.invalidateQueries({ queryKey: deliveriesQuery(guildId, post.id).queryKey });
  const heads = client.getQueryCache().findAll({ queryKey: ["get", POSTS] });
  for (const { queryKey } of heads) {
    const [, , init, part] = queryKey as [string, string, HeadInit, string | undefined];
    if (part !== "head" || init.params.path.guildId !== guildId) continue;
    client.setQueryData<PostList>(queryKey, (list) => (takes(init.params.query, post) ? withPost(list, post) : list));
  }
}

interface HeadInit {
  params: { path: { guildId: string }; query?: Record<string, unknown> };
}

/** Of any query: not all are of a guild. */
type AnyInit = { params?: { path?: { guildId?: string } } };

/** Whether a list with these filters begins with a post that is new. What cannot be told here, such as a text, is no. */
export function takes(query: Record<string, unknown> = {}, post: Post): boolean {
  const { limit: _limit, sort = "publishedAt", ...filters } = query;
  const known: Record<string, unknown> = {
    accountId: post.accountId,
    brandId: post.brandId,
    platform: post.platform,
    kind: post.kind,
  };
  return sort === "publishedAt" && Object.entries(filters).every(([name, value]) => known[name] === value);
}

/** The list with the post in its place among the newest, or as it is when the post is older than all of them. */
export function withPost(list: PostList | undefined, post: Post, limit?: number): PostList | undefined {
  if (!list) return undefined;
  const others = list.items.filter((item) => item.id !== post.id);
  const known = others.length < list.items.length;
  const place = others.findIndex((item) => isBefore(item, post));
  if (!known && place === -1 && others.length > 0) return list;
  const items = others.toSpliced(place === -1 ? others.length : place, 0, post);
  return { ...list, items: limit === undefined ? items : items.slice(0, limit) };
}

function isBefore(item: Post, post: Post): boolean {
  if (item.publishedAt !== post.publishedAt) return item.publishedAt < post.publishedAt;
  return item.id < post.id;
}

/**
 * Asks again for what an event may have changed between the reading of a page and the beginning of its stream: the lists
 * of posts on screen, by the ETag where the browser has read them before, and exports and posts that were under way.
 */
export function catchUp(client: QueryClient, guildId: string): void {
  const missed = ({ queryKey, state }: Query): boolean => {
    const [, path, init, part] = queryKey as [string, string, AnyInit | undefined, string | undefined];
    if (init?.params?.path?.guildId !== guildId) return false;
    if (path === POSTS) return part === "head" || part === undefined;
    if (path === EXPORTS) return (state.data as Schemas["ExportList"] | undefined)?.items.some(isMoving) ?? false;
    return path === `${POSTS}/{postId}` && isUnderWay((state.data as Post | undefined)?.delivery);
  };
  void client.invalidateQueries({ predicate: missed });
}

function applyExport(client: QueryClient, guildId: string, moved: Schemas["Export"]): void {
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: ["get", EXPORTS] })) {
    if ((queryKey[2] as HeadInit).params.path.guildId !== guildId) continue;
    client.setQueryData<Schemas["ExportList"]>(queryKey, (list) => list && withExport(list, moved));
  }
}
