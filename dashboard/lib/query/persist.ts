import type { DehydrateOptions, Query } from "@tanstack/react-query";

// What is stored of a user in the browser, and where. Writing and reading it is in keep.ts, which comes after the page.

/** A place for strings by key, such as a store of IndexedDB. */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  keys(): Promise<string[]>;
}

interface AsyncStorage {
  getItem(name: string): Promise<string | undefined>;
  setItem(name: string, value: string): Promise<void>;
  removeItem(name: string): Promise<void>;
}

export interface Persistence {
  /** The place of the user's data; undefined where the browser has none. Writing fails silently after a stop. */
  place: { key: string; storage: AsyncStorage } | undefined;
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

/** Whatever has data is stored: a query whose last refetch failed keeps what it had. */
export function shouldStore(query: Query): boolean {
  return query.state.data !== undefined && query.meta?.persist !== false;
}

export const dehydrateOptions: DehydrateOptions = {
  shouldDehydrateQuery: shouldStore,
  shouldDehydrateMutation: () => false,
};

export function createPersistence(store: KeyValueStore | undefined, userId: string): Persistence {
  const key = PREFIX + userId;
  let stopped = false;
  const storage = store && {
    getItem: (name: string) => store.get(name).catch(() => undefined),
    setItem: async (name: string, value: string) => {
      if (!stopped) await store.set(name, value);
      // A save that was under way while the store was wiped must not outlive it.
      if (stopped) await store.remove(name);
    },
    removeItem: (name: string) => store.remove(name),
  };
  const removeWhere = async (match: (name: string) => boolean) => {
    const names = (await store?.keys().catch(() => [])) ?? [];
    await Promise.all(names.filter(match).map((name) => store?.remove(name)));
  };
  const stop = () => {
    stopped = true;
  };
  return {
    place: storage && { key, storage },
    stop,
    wipe: () => {
      stop();
      return removeWhere(() => true);
    },
    wipeOthers: () => removeWhere((name) => name !== key),
  };
}
