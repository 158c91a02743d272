import { createStore, del, get, keys, set } from "idb-keyval";
import type { KeyValueStore } from "./persist";

const DATABASE = "trackbot";
const TABLE = "queries";

/** IndexedDB of this browser; undefined on the server and where the browser has none. */
export function browserStore(): KeyValueStore | undefined {
  if (typeof indexedDB === "undefined") return undefined;
  const table = createStore(DATABASE, TABLE);
  return {
    get: (key) => get<string>(key, table),
    set: (key, value) => set(key, value, table),
    remove: (key) => del(key, table),
    keys: () => keys<string>(table),
  };
}
