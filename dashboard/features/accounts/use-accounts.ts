"use client";

import { useDeferredValue, useMemo } from "react";
import { guildQuery } from "@/features/tracking/queries";
import type { Account } from "@/features/tracking/types";
import { useQuery } from "@/lib/query/use-query";
import { useParamsState } from "@/lib/url/use-params";
import { accountParams, hasFilters, merged } from "./filters";
import { type AccountFilters, accountsQuery, matchingAccountsQuery } from "./queries";
import { isComplete } from "./walk";

const none: Account[] = [];

/** The filters in the address. */
export function useAccountFilters() {
  return useParamsState(accountParams);
}

/** The accounts that match, and how far the reading has come. */
export function useAccounts(guildId: string, filters: AccountFilters) {
  const all = useQuery(accountsQuery(guildId));
  const guild = useQuery(guildQuery(guildId)).data;
  const complete = isComplete(all.data);
  const settled = useDeferredValue(filters);
  const filtering = hasFilters(settled);
  const found = useQuery({
    ...matchingAccountsQuery(guildId, settled),
    enabled: filtering && !complete && all.data !== undefined,
  });
  const known = all.data?.items ?? none;
  const extra = complete ? none : (found.data?.items ?? none);
  const accounts = useMemo(
    () => (filtering ? merged(known, extra, settled) : known),
    [known, extra, settled, filtering],
  );
  return {
    accounts,
    known,
    complete,
    filtering,
    /** How many the guild has; at least those that are here. */
    total: Math.max(guild?.counts.accounts ?? 0, known.length),
    asOf: all.data?.asOf ?? null,
    isPending: all.isPending,
    /** Set only where there is nothing to show instead. */
    error: all.data === undefined ? all.error : null,
    refetch: all.refetch,
    isFetching: all.isFetching,
  };
}
