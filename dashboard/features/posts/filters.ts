import type { Platform, PostKind, PostSort } from "@/features/tracking/types";
import { PLATFORMS, POST_KINDS } from "@/features/tracking/values";
import type { paths } from "@/lib/schema";
import { day, oneOf, text } from "@/lib/url/params";

export interface PostFilters {
  q: string;
  brand: string | null;
  group: string | null;
  account: string | null;
  platform: Platform | null;
  kind: PostKind | null;
  /** A day such as 2026-11-22, in the guild's time zone; both ends are included. */
  from: string | null;
  to: string | null;
  sort: PostSort;
}

export const POST_SORTS = ["publishedAt", "views", "likes"] as const;
export const VIEWS = ["table", "gallery"] as const;

export const postParams = {
  q: text(""),
  brand: text(),
  group: text(),
  account: text(),
  platform: oneOf(PLATFORMS),
  kind: oneOf(POST_KINDS),
  from: day,
  to: day,
  sort: oneOf(POST_SORTS, "publishedAt"),
};

export const NO_POST_FILTERS: Omit<PostFilters, "sort"> = {
  ...{ q: "", brand: null, group: null, account: null, platform: null, kind: null, from: null, to: null },
};

export function countFilters({ sort: _sort, q: _q, ...choices }: PostFilters): number {
  return Object.values(choices).filter((value) => value !== null).length;
}

type PostQuery = NonNullable<paths["/guilds/{guildId}/posts"]["get"]["parameters"]["query"]>;

/** The filters as the API takes them. A range the wrong way round is turned. */
export function toQuery(filters: PostFilters): PostQuery {
  const { brand, group, account, platform, kind, sort } = filters;
  const q = filters.q.trim().slice(0, 100);
  const turned = filters.from !== null && filters.to !== null && filters.from > filters.to;
  const [from, to] = turned ? [filters.to, filters.from] : [filters.from, filters.to];
  return {
    ...(q && { q }),
    ...(brand && { brandId: brand }),
    ...(group && { groupId: group }),
    ...(account && { accountId: account }),
    ...(platform && { platform }),
    ...(kind && { kind }),
    ...(from && { from }),
    ...(to && { to }),
    ...(sort !== "publishedAt" && { sort }),
  };
}

/** The filters as an export takes them: those of the list, without its order. */
export function exportFilters(filters: PostFilters): Omit<PostQuery, "sort" | "limit" | "cursor"> {
  const { sort: _sort, limit: _limit, cursor: _cursor, ...rest } = toQuery(filters);
  return rest;
}
