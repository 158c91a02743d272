import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Account, AccountList, AccountState, Platform } from "@/features/tracking/types";
import { api } from "@/lib/api-client";
import { isComplete, type Walk, walk } from "./walk";

const PAGE = 100;
const MINUTE = 60_000;
/** A complete walk is renewed after a minute, a long one after as many seconds as its pages cost. */
const SECONDS_PER_PAGE = 6;

const path = "/guilds/{guildId}/accounts" as const;

/** [method, path, init] of the first page, which the server can fetch beforehand, and what is made of it. */
export const accountsKey = (guildId: string) =>
  ["get", path, { params: { path: { guildId }, query: { limit: PAGE } } }, "all"] as const;

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** All accounts of the guild. See walk. */
export function accountsQuery(guildId: string) {
  const queryKey = accountsKey(guildId);
  return queryOptions<Walk, Error, Walk, typeof queryKey>({
    queryKey,
    // The walk hands on the accounts it has as they are; comparing thousands of them deeply at each page takes too long.
    structuralSharing: false,
    staleTime: ({ state: { data } }) =>
      isComplete(data) ? Math.max(MINUTE, ((data?.items.length ?? 0) / PAGE) * SECONDS_PER_PAGE * 1000) : 0,
    queryFn: ({ client }) =>
      walk(client.getQueryData<Walk>(queryKey), {
        wait,
        page: (cursor) => accountsPage(guildId, cursor === null ? {} : { cursor }),
        publish: (data) => client.setQueryData<Walk>(queryKey, data),
        watched: () => (client.getQueryCache().find({ queryKey })?.getObserversCount() ?? 0) > 0,
      }),
  });
}

export interface AccountFilters {
  q: string;
  brand: string | null;
  group: string | null;
  platform: Platform | null;
  state: AccountState | null;
}

/** The filters as the API takes them, of the list and of an export. */
export function toQuery({ q, brand, group, platform, state }: AccountFilters) {
  return {
    ...(q.trim() && { q: q.trim().slice(0, 100) }),
    ...(brand && { brandId: brand }),
    ...(group && { groupId: group }),
    ...(platform && { platform }),
    ...(state && { state }),
  };
}

/** The first matches as the API finds them: for tenants whose accounts are not all read yet. */
export function matchingAccountsQuery(guildId: string, filters: AccountFilters) {
  const query = toQuery(filters);
  return queryOptions({
    queryKey: ["get", path, { params: { path: { guildId }, query: { ...query, limit: PAGE } } }, "matching"] as const,
    queryFn: ({ signal }) => accountsPage(guildId, query, signal),
    meta: { persist: false },
    gcTime: 5 * MINUTE,
  });
}

async function accountsPage(guildId: string, query: object, signal?: AbortSignal): Promise<AccountList> {
  const { data } = await api.GET(path, { params: { path: { guildId }, query: { ...query, limit: PAGE } }, signal });
  if (!data) throw new Error("list accounts: no content");
  return data;
}

/** Changes the accounts that are known, without a call. */
export function editAccounts(client: QueryClient, guildId: string, edit: (items: Account[]) => Account[]): void {
  client.setQueryData<Walk>(accountsKey(guildId), (before) => before && { ...before, items: edit(before.items) });
}
