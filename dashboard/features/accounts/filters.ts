import { createParser, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { ACCOUNT_STATES, PLATFORMS } from "@/features/tracking/labels";
import type { Account } from "@/features/tracking/types";
import type { AccountFilters } from "./queries";

export const SORTS = ["name", "platform", "state", "followers", "lastPostAt", "nextPollAt", "createdAt"] as const;
export type SortKey = (typeof SORTS)[number];
export interface Sort {
  id: SortKey;
  desc: boolean;
}

export const DEFAULT_SORT: Sort = { id: "createdAt", desc: true };

/** `followers` rising, `-followers` falling. */
export const parseAsSort = createParser<Sort>({
  parse: (value) => {
    const desc = value.startsWith("-");
    const id = SORTS.find((sort) => sort === (desc ? value.slice(1) : value));
    return id ? { id, desc } : null;
  },
  serialize: ({ id, desc }) => (desc ? `-${id}` : id),
  eq: (a, b) => a.id === b.id && a.desc === b.desc,
}).withDefault(DEFAULT_SORT);

export const accountParsers = {
  q: parseAsString.withDefault(""),
  brand: parseAsString,
  group: parseAsString,
  platform: parseAsStringLiteral(PLATFORMS),
  state: parseAsStringLiteral(ACCOUNT_STATES),
};

export const hasFilters = ({ q, brand, group, platform, state }: AccountFilters): boolean =>
  Boolean(q.trim() || brand || group || platform || state);

/** The API's own filter, for accounts that are here already: text in handle and name, the rest exactly. */
export function matcher(filters: AccountFilters): (account: Account) => boolean {
  const text = filters.q.trim().toLowerCase();
  return (account) =>
    (!filters.brand || account.brandId === filters.brand) &&
    (!filters.group || account.groupId === filters.group) &&
    (!filters.platform || account.platform === filters.platform) &&
    (!filters.state || account.state === filters.state) &&
    (!text || `${account.handle} ${account.displayName ?? ""}`.toLowerCase().includes(text));
}

/** What matches of the accounts that are here, and what else the API found; each once. */
export function merged(known: readonly Account[], found: readonly Account[], filters: AccountFilters): Account[] {
  const matches = known.filter(matcher(filters));
  const here = new Set(known.map((account) => account.id));
  return [...matches, ...found.filter((account) => !here.has(account.id))];
}
