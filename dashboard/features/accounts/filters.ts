import type { Account } from "@/features/tracking/types";
import { ACCOUNT_STATES, PLATFORMS } from "@/features/tracking/values";
import { oneOf, param, text } from "@/lib/url/params";
import type { AccountFilters } from "./queries";

export const SORTS = ["name", "platform", "state", "followers", "lastPostAt", "nextPollAt", "createdAt"] as const;
export type SortKey = (typeof SORTS)[number];
export interface Sort {
  id: SortKey;
  desc: boolean;
}

export const DEFAULT_SORT: Sort = { id: "createdAt", desc: true };

/** `followers` rising, `-followers` falling. */
export const sortParam = param<Sort>(
  (value) => {
    const desc = value.startsWith("-");
    const id = SORTS.find((sort) => sort === (desc ? value.slice(1) : value));
    return id ? { id, desc } : null;
  },
  ({ id, desc }) => (desc ? `-${id}` : id),
  DEFAULT_SORT,
);

export const accountParams = {
  q: text(""),
  brand: text(),
  group: text(),
  platform: oneOf(PLATFORMS),
  state: oneOf(ACCOUNT_STATES),
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
