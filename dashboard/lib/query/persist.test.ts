import { dehydrate, hydrate, QueryObserver } from "@tanstack/react-query";
import { persistQueryClientRestore, persistQueryClientSave } from "@tanstack/react-query-persist-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStore } from "@/test/memory-store";
import { browserQueryClient } from "./client";
import { persisterOf, trim } from "./keep";
import { createPersistence, dehydrateOptions, type KeyValueStore } from "./persist";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const outage = () => Promise.reject(Object.assign(new Error("unavailable"), { status: 503, code: "unavailable" }));
const key = ["get", "/guilds/{guildId}/accounts", { params: {} }];

const kept = (store: KeyValueStore) => {
  const persistence = createPersistence(store, "1");
  return { ...persistence, persister: persisterOf(persistence) };
};

describe("the stored cache", () => {
  it("keeps the data of a query whose last refetch failed, without the error", async () => {
    const client = browserQueryClient();
    client.setQueryData(key, { items: [1] });
    await client.fetchQuery({ queryKey: key, queryFn: outage, staleTime: 0 }).catch(() => undefined);
    expect(client.getQueryState(key)?.status).toBe("error");

    const store = memoryStore();
    const { persister } = kept(store);
    await persistQueryClientSave({ queryClient: client, persister, dehydrateOptions });

    const later = browserQueryClient();
    await persistQueryClientRestore({ queryClient: later, persister });
    expect(later.getQueryData(key)).toEqual({ items: [1] });
    expect(later.getQueryState(key)).toMatchObject({ status: "success", error: null });
  });

  it("does not keep queries that never had data, nor those that ask not to be kept", () => {
    const client = browserQueryClient();
    client.getQueryCache().build(client, { queryKey: ["none"] });
    client
      .getQueryCache()
      .build(client, { queryKey: ["search"], meta: { persist: false } })
      .setData([1]);
    expect(dehydrate(client, dehydrateOptions).queries).toEqual([]);
  });

  it("writes nothing after a stop, not even what the throttle still holds", async () => {
    const store = memoryStore();
    const client = browserQueryClient();
    const { persister, wipe } = kept(store);
    client.setQueryData(key, { items: [1] });
    await persistQueryClientSave({ queryClient: client, persister, dehydrateOptions });
    expect(store.values.size).toBe(1);
    client.setQueryData(key, { items: [2] });
    const held = persistQueryClientSave({ queryClient: client, persister, dehydrateOptions });
    await wipe();
    await vi.advanceTimersByTimeAsync(60_000);
    await held;
    expect([...store.values]).toEqual([]);
  });

  it("removes a save that was being written while the store was wiped", async () => {
    const store = memoryStore();
    let finish = () => {};
    const write = store.set;
    store.set = async (name, value) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      await write(name, value);
    };
    const client = browserQueryClient();
    client.setQueryData(key, { items: [1] });
    const { persister, wipe } = kept(store);
    const save = persistQueryClientSave({ queryClient: client, persister, dehydrateOptions });
    await vi.advanceTimersByTimeAsync(0);
    await wipe();
    finish();
    await vi.advanceTimersByTimeAsync(10);
    await save;
    expect([...store.values]).toEqual([]);
  });

  it("is one for each user, and another user's is removed", async () => {
    const store = memoryStore({ "user:1": "x", "user:2": "y" });
    await createPersistence(store, "2").wipeOthers();
    expect([...store.values.keys()]).toEqual(["user:2"]);
  });

  it("is thrown away when the contract has another hash", async () => {
    const store = memoryStore();
    const client = browserQueryClient();
    client.setQueryData(key, { items: [1] });
    const { persister } = kept(store);
    await persistQueryClientSave({ queryClient: client, persister, buster: "old", dehydrateOptions });
    const later = browserQueryClient();
    await persistQueryClientRestore({ queryClient: later, persister, buster: "new" });
    expect(later.getQueryData(key)).toBeUndefined();
    expect(store.values.size).toBe(0);
  });

  it("survives a browser that refuses its store", async () => {
    const store = memoryStore();
    store.get = () => Promise.reject(new Error("denied"));
    const { persister, wipe } = kept(store);
    await expect(persister.restoreClient()).resolves.toBeUndefined();
    await expect(wipe()).resolves.toBeUndefined();
    await expect(createPersistence(undefined, "1").wipe()).resolves.toBeUndefined();
  });

  it("keeps the beginnings of long lists, which can go on from there", () => {
    const client = browserQueryClient();
    client.setQueryData(["pages"], { pages: [1, 2, 3, 4], pageParams: [null, "a", "b", "c"] });
    client.setQueryData(["walk"], { items: Array.from({ length: 900 }, (_, i) => i), nextCursor: "x", complete: true });
    const { clientState } = trim({ clientState: dehydrate(client, dehydrateOptions) });
    const data = (name: string) => clientState.queries.find((query) => query.queryKey[0] === name)?.state.data;
    expect(data("pages")).toEqual({ pages: [1, 2], pageParams: [null, "a"] });
    expect(data("walk")).toMatchObject({ nextCursor: null, complete: false });
    expect((data("walk") as { items: number[] }).items).toHaveLength(500);
  });
});

describe("queries", () => {
  it("ask although the browser believes that there is no network", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    window.dispatchEvent(new Event("offline"));
    const client = browserQueryClient();
    client.mount();
    const queryFn = vi.fn(outage);
    const observer = new QueryObserver(client, { queryKey: key, queryFn });
    const stop = observer.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10);
    expect(queryFn).toHaveBeenCalledOnce();
    expect(observer.getCurrentResult()).toMatchObject({ status: "error", fetchStatus: "idle" });
    stop();
    client.unmount();
  });

  it("are not collected before a view asks for them", async () => {
    const client = browserQueryClient();
    const source = browserQueryClient();
    source.setQueryData(key, { items: [1] });
    hydrate(client, dehydrate(source, dehydrateOptions));
    await vi.advanceTimersByTimeAsync(60 * 60 * 1000);
    expect(client.getQueryData(key)).toEqual({ items: [1] });
  });
});
