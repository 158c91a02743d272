"use client";

import {
  type DehydratedState,
  hashKey,
  type QueryKey,
  type UseInfiniteQueryOptions,
  type UseQueryOptions,
  useQuery as useAny,
  useInfiniteQuery as useAnyInfinite,
} from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { useHydrated } from "@/lib/use-hydrated";

/** What the server fetched for the part of the page around, outermost first. */
export const SentContext = createContext<readonly DehydratedState[]>([]);

const quiet = { error: null, isError: false, isLoadingError: false, isRefetchError: false };
const missing = { ...quiet, data: undefined, status: "pending", dataUpdatedAt: 0, isPending: true, isSuccess: false };
const succeeded = { ...quiet, status: "success", isPending: false, isSuccess: true };

type Seen = { status: string; dataUpdatedAt: number };

/** The result while the server's markup is taken over: what the server knew. `of` makes the rest out of its data. */
function useSent<R extends Seen>(queryKey: QueryKey, result: R, of: (data: unknown) => object): R {
  const hydrated = useHydrated();
  const sent = useContext(SentContext);
  if (hydrated) return result;
  const hash = hashKey(queryKey);
  const known = sent.flatMap((state) => state.queries).findLast((query) => query.queryHash === hash);
  if (!known) return result.status === "pending" ? result : { ...result, ...missing, ...of(undefined) };
  const { data, dataUpdatedAt } = known.state;
  return result.dataUpdatedAt === dataUpdatedAt ? result : { ...result, ...succeeded, dataUpdatedAt, ...of(data) };
}

/**
 * useQuery that says, while the server's markup is taken over, what the server knew. Parts of a page are taken over one
 * by one: by then the frame or the live stream may have brought an answer that the markup lacks.
 */
export const useQuery = ((options: UseQueryOptions, client) => {
  const { queryKey, select } = options;
  const selected = (data: unknown) => ({ data: select && data !== undefined ? select(data) : data });
  return useSent(queryKey, useAny(options, client), selected);
}) as typeof useAny;

type Pages = { pages: unknown[]; pageParams: unknown[] };

/** The same for a list that is read page by page. */
export const useInfiniteQuery = ((options: UseInfiniteQueryOptions, client) => {
  const listed = (data: unknown) => {
    const { pages, pageParams } = (data ?? { pages: [], pageParams: [] }) as Pages;
    const next = pages.length > 0 && options.getNextPageParam(pages.at(-1), pages, pageParams.at(-1), pageParams);
    return { data, hasNextPage: next !== false && next !== null && next !== undefined };
  };
  return useSent(options.queryKey, useAnyInfinite(options, client), listed);
}) as typeof useAnyInfinite;
