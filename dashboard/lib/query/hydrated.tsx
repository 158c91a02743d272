"use client";

import { type DehydratedState, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useContext, useMemo } from "react";
import { SentContext } from "./use-query";

/**
 * Takes over what the server fetched, where it is newer, before the children render. HydrationBoundary leaves a query
 * that is known already to an effect, which the server never runs and the browser runs too late: the frame asks for the
 * guild before the page does, so the page would be sent empty, and stored data would differ from the markup.
 */
export function Hydrated({ state, children }: { state: DehydratedState; children: ReactNode }) {
  const client = useQueryClient();
  useMemo(() => takeOver(client, state), [client, state]);
  const outer = useContext(SentContext);
  const sent = useMemo(() => [...outer, state], [outer, state]);
  return <SentContext value={sent}>{children}</SentContext>;
}

/** What `hydrate` of React Query does with answers; it is a kilobyte, for promises and mutations too. */
function takeOver(client: QueryClient, { queries }: DehydratedState): void {
  const cache = client.getQueryCache();
  for (const { queryKey, queryHash, queryType, meta, state } of queries) {
    const known = cache.get(queryHash);
    if (!known) {
      const options = { ...client.getDefaultOptions().hydrate?.queries, queryKey, queryHash, meta, _type: queryType };
      cache.build(client, options, { ...state, fetchStatus: "idle" });
    } else if (state.dataUpdatedAt > known.state.dataUpdatedAt) {
      const { fetchStatus: _ours, ...theirs } = state;
      known.setState(theirs);
    }
  }
}
