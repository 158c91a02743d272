import { createAsyncStoragePersister } from "@tanstack/query-async-storage-persister";
import type { QueryClient } from "@tanstack/react-query";
import {
  type PersistedClient,
  type Persister,
  persistQueryClientRestore,
  persistQueryClientSave,
  persistQueryClientSubscribe,
} from "@tanstack/react-query-persist-client";
import { BUSTER, dehydrateOptions, MAX_AGE, type Persistence } from "./persist";

const THROTTLE = 2_000;
const MAX_QUERIES = 60;
const MAX_PAGES = 2;
const MAX_ITEMS = 500;

interface Stored {
  clientState: PersistedClient["clientState"];
}

/**
 * The newest queries, the beginnings of long lists, no errors. A failed refetch is of the moment; stored, it would come
 * back as if it had just happened.
 */
export function trim<T extends Stored>(persisted: T): T {
  const queries = [...persisted.clientState.queries]
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    .slice(0, MAX_QUERIES)
    .map(({ meta: _meta, promise: _promise, ...query }) => ({
      ...query,
      state: {
        ...query.state,
        ...{ data: shorten(query.state.data), status: "success" as const, fetchStatus: "idle" as const },
        ...{ error: null, errorUpdatedAt: 0, fetchFailureCount: 0, fetchFailureReason: null, fetchMeta: null },
      },
    }));
  return { ...persisted, clientState: { mutations: [], queries } };
}

function shorten(data: unknown): unknown {
  if (typeof data !== "object" || data === null) return data;
  if ("pages" in data && Array.isArray(data.pages) && "pageParams" in data && Array.isArray(data.pageParams)) {
    return { ...data, pages: data.pages.slice(0, MAX_PAGES), pageParams: data.pageParams.slice(0, MAX_PAGES) };
  }
  if ("items" in data && Array.isArray(data.items) && data.items.length > MAX_ITEMS) {
    return { ...data, items: data.items.slice(0, MAX_ITEMS), nextCursor: null, complete: false };
  }
  return data;
}

/** Writes to and reads from the place of a user's data. */
export function persisterOf({ place }: Persistence): Persister {
  return createAsyncStoragePersister({
    ...place,
    storage: place?.storage,
    throttleTime: THROTTLE,
    serialize: (client) => JSON.stringify(trim(client)),
  });
}

/** Brings back what is stored of the user. The returned function stores what changes until its own is called. */
export async function restore(queryClient: QueryClient, persistence: Persistence): Promise<() => () => void> {
  const options = {
    ...{ queryClient, persister: persisterOf(persistence) },
    ...{ buster: BUSTER, maxAge: MAX_AGE, dehydrateOptions },
  };
  await persistQueryClientRestore(options);
  return () => {
    // What the server hydrated raised no event that would store it.
    void persistQueryClientSave(options);
    return persistQueryClientSubscribe(options);
  };
}
