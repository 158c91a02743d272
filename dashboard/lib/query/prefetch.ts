import "server-only";
import { dehydrate, type QueryKey } from "@tanstack/react-query";
import { serverQueryClient } from "./client";

/** How long a page waits for the API. Past that it comes without, and the browser shows what it has stored. */
const PATIENCE = 2_000;

/** Any query options whose key is [method, path, init], as the API clients make them. */
export interface ServerQuery {
  queryKey: QueryKey;
  /** There for lists that are read page by page: the first page is fetched. */
  initialPageParam?: unknown;
}

/** Reads what a key names. */
export type ServerRead = (queryKey: QueryKey) => Promise<unknown>;

/** The dehydrated answers of those queries that were answered in time. */
export async function prefetch(queries: readonly ServerQuery[], read: ServerRead) {
  const client = serverQueryClient();
  const signal = AbortSignal.timeout(PATIENCE);
  await Promise.all(
    queries.map((query) => {
      const queryFn = () => inTime(read(query.queryKey), signal);
      return "initialPageParam" in query
        ? client.prefetchInfiniteQuery({
            queryKey: query.queryKey,
            queryFn,
            initialPageParam: query.initialPageParam,
            getNextPageParam: () => undefined,
          })
        : client.prefetchQuery({ queryKey: query.queryKey, queryFn });
    }),
  );
  return dehydrate(client);
}

/** Gives up with the signal also where the work does not listen to it. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  ]);
}
