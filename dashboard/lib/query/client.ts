import { MutationCache, type Query, QueryCache, QueryClient } from "@tanstack/react-query";
import { classify, fields, retryDelay, shouldRetry } from "./errors";
import { dehydrateOptions, MAX_AGE } from "./persist";

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** False keeps a query out of the stored cache: searches, and whatever is big and quickly old. */
      persist?: boolean;
    };
  }
}

export interface ClientEvents {
  /** A query or write was answered. */
  answered?: (at: number) => void;
  /** Called on every failure of a query, retried or not, and of a write. */
  failed?: (error: unknown) => void;
}

/** How old data may be before it is asked for again when it comes on screen. */
export const STALE_TIME = 30_000;

/** The QueryClient of a browser tab. */
export function browserQueryClient({ answered, failed }: ClientEvents = {}): QueryClient {
  const refused = (error: unknown) => {
    failed?.(error);
    // The right to change is gone: what shows buttons by it is asked for again.
    if (fields(error).code === "forbidden") void client.invalidateQueries({ predicate: tellsRights });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onSuccess: () => answered?.(Date.now()), onError: (error) => failed?.(error) }),
    mutationCache: new MutationCache({ onSuccess: () => answered?.(Date.now()), onError: refused }),
    defaultOptions: {
      queries: {
        // "online" would pause queries for ever when the browser believes that there is no network.
        networkMode: "offlineFirst",
        staleTime: STALE_TIME,
        // What is stored must not be collected before a view asks for it.
        gcTime: MAX_AGE,
        retry: (failures, error) => {
          if (classify(error) === "outage") failed?.(error);
          return shouldRetry(failures, error);
        },
        retryDelay,
      },
      mutations: { networkMode: "always", retry: false },
      dehydrate: dehydrateOptions,
      hydrate: { queries: { gcTime: MAX_AGE } },
    },
  });
  return client;
}

const tellsRights = ({ queryKey }: Query) => queryKey[1] === "/guilds" || queryKey[1] === "/guilds/{guildId}";

/** The QueryClient of one request on the server: no retries, since the page must not wait for an API that is down. */
export function serverQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: STALE_TIME },
      dehydrate: { shouldDehydrateQuery: (query) => query.state.data !== undefined },
    },
  });
}
