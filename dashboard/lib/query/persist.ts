import { createAsyncStoragePersister } from "@tanstack/query-async-storage-persister";
import type { DehydrateOptions, Query } from "@tanstack/react-query";
import type { PersistedClient, Persister } from "@tanstack/react-query-persist-client";

/** A place for strings by key, such as a store of IndexedDB. */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  keys(): Promise<string[]>;
}

export interface Persistence {
  persister: Persister;
  /** From now on nothing is written, also not what a throttled save still holds. */
  stop(): void;
  /** Stops and removes what is stored for every user. */
  wipe(): Promise<void>;
  /** Removes what is stored for other users of this browser. */
  wipeOthers(): Promise<void>;
}

/** How long stored data may be shown. */
export const MAX_AGE = 7 * 24 * 60 * 60 * 1000;

/** The hash of the contract's types: data of another shape is thrown away instead of shown. */
export const BUSTER = process.env.NEXT_PUBLIC_CONTRACT_HASH ?? "dev";

const PREFIX = "user:";
const THROTTLE = 2_000;
const MAX_QUERIES = 60;
const MAX_PAGES = 2;
const MAX_ITEMS = 500;

/** Whatever has data is stored: a query whose last refetch failed keeps what it had. */
export function shouldStore(query: Query): boolean {
  return query.state.data !== undefined && query.meta?.persist !== false;
}

export const dehydrateOptions: DehydrateOptions = {
  shouldDehydrateQuery: shouldStore,
  shouldDehydrateMutation: () => false,
};

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

export function createPersistence(store: KeyValueStore | undefined, userId: string): Persistence {
  const key = PREFIX + userId;
  let stopped = false;
  const persister = createAsyncStoragePersister({
    key,
    throttleTime: THROTTLE,
    storage: store && {
      getItem: (name: string) => store.get(name).catch(() => undefined),
      setItem: async (name: string, value: string) => {
        if (!stopped) await store.set(name, value);
        // A save that was under way while the store was wiped must not outlive it.
        if (stopped) await store.remove(name);
      },
      removeItem: (name: string) => store.remove(name),
    },
    serialize: (client) => JSON.stringify(trim(client)),
  });
  const removeWhere = async (match: (name: string) => boolean) => {
    const names = (await store?.keys().catch(() => [])) ?? [];
    await Promise.all(names.filter(match).map((name) => store?.remove(name)));
  };
  const stop = () => {
    stopped = true;
  };
  return {
    persister,
    stop,
    wipe: () => {
      stop();
      return removeWhere(() => true);
    },
    wipeOthers: () => removeWhere((name) => name !== key),
  };
}
