"use client";

import { type DehydratedState, hashKey, type UseQueryOptions, useQuery as useAny } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { useHydrated } from "@/lib/use-hydrated";

/** What the server fetched for the part of the page around, outermost first. */
export const SentContext = createContext<readonly DehydratedState[]>([]);

const missing = {
  ...{ data: undefined, error: null, status: "pending", dataUpdatedAt: 0 },
  ...{ isPending: true, isSuccess: false, isError: false, isLoadingError: false, isRefetchError: false },
};

/**
 * useQuery that says, while the server's markup is taken over, what the server knew. Parts of a page are taken over one
 * by one: by then the frame or the live stream may have brought an answer that the markup lacks.
 */
export const useQuery = ((options: UseQueryOptions, client) => {
  const result = useAny(options, client);
  const hydrated = useHydrated();
  const sent = useContext(SentContext);
  if (hydrated) return result;
  const hash = hashKey(options.queryKey);
  const known = sent.flatMap((state) => state.queries).findLast((query) => query.queryHash === hash);
  if (!known) return result.status === "pending" ? result : { ...result, ...missing };
  const { data, dataUpdatedAt } = known.state;
  if (result.dataUpdatedAt === dataUpdatedAt) return result;
  return { ...result, ...succeeded, dataUpdatedAt, data: options.select ? options.select(data) : data };
}) as typeof useAny;

const succeeded = {
  ...{ error: null, status: "success" },
  ...{ isPending: false, isSuccess: true, isError: false, isLoadingError: false, isRefetchError: false },
};
