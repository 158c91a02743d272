import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ApiError } from "@/lib/problem";
import type { components, paths } from "@/lib/schema";

type Schemas = components["schemas"];

export type AuditEntry = Schemas["AuditEntry"];
export type AuditChange = Schemas["AuditChange"];
export type AuditIntegrity = Schemas["AuditIntegrity"];
type Page = Schemas["AuditEntryList"];

const path = "/guilds/{guildId}/audit" as const;
type Query = NonNullable<paths[typeof path]["get"]["parameters"]["query"]>;

export interface AuditFilters {
  target: string | null;
  action: string | null;
  actor: string | null;
  /** A day such as 2026-11-22, in the guild's time zone; both ends are included. */
  from: string | null;
  to: string | null;
}

export const NO_FILTERS: AuditFilters = { target: null, action: null, actor: null, from: null, to: null };

/** The filters as the API takes them, of the list and of an export. A range the wrong way round is turned. */
export function toQuery({ target, action, actor, from, to }: AuditFilters): Query {
  const turned = from !== null && to !== null && from > to;
  return {
    ...(target && { targetType: target }),
    ...(action && { action }),
    ...(actor && { actorId: actor }),
    ...(from && { from: turned && to ? to : from }),
    ...(to && { to: turned ? (from ?? to) : to }),
  };
}

const PAGE = 50;

/** The log, page after page; what the server fetched beforehand is the first. */
export function auditQuery(guildId: string, filters: AuditFilters) {
  const query = { ...toQuery(filters), limit: PAGE };
  return infiniteQueryOptions<
    Page,
    ApiError,
    { pages: Page[]; pageParams: (string | null)[] },
    readonly unknown[],
    string | null
  >({
    queryKey: ["get", path, { params: { path: { guildId }, query } }, "pages"],
    queryFn: async ({ pageParam, signal }) => {
      const page = { ...query, ...(pageParam !== null && { cursor: pageParam }) };
      const { data } = await api.GET(path, { params: { path: { guildId }, query: page }, signal });
      if (!data) throw new Error("list audit log: no content");
      return data;
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.nextCursor,
  });
}
