import { QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { announceSession } from "@/lib/session-events";
import { memoryStore } from "@/test/memory-store";
import type { Check } from "./connection";
import { createRuntime } from "./runtime";

const stops: (() => void)[] = [];
let signedIn = "1";
afterEach(() => {
  signedIn = "1";
  for (const stop of stops.splice(0)) stop();
});

function tab(check: () => Promise<Check> = async () => "ok", store = memoryStore({ "user:1": "kept" })) {
  const leave = vi.fn();
  const whoAmI = vi.fn(async () => signedIn);
  const runtime = createRuntime({ userId: "1", store, check, leave, whoAmI });
  stops.push(runtime.start());
  return { runtime, leave, store, whoAmI };
}

function watch(runtime: ReturnType<typeof tab>["runtime"], queryFn: () => Promise<unknown>, queryKey = ["a"]) {
  const observer = new QueryObserver(runtime.client, { queryKey, queryFn });
  stops.push(observer.subscribe(() => {}));
  return observer;
}

const problem = (status: number, code: string) => () =>
  Promise.reject(Object.assign(new Error(code), { status, code }));

describe("a tab", () => {
  it("leaves for the login page once, with nothing stored, when the session is revoked", async () => {
    const { runtime, leave, store } = tab();
    watch(runtime, problem(401, "session_revoked"), ["a"]);
    watch(runtime, problem(401, "session_revoked"), ["b"]);
    await vi.waitFor(() => expect(leave).toHaveBeenCalled());
    expect(leave).toHaveBeenCalledOnce();
    expect(store.values.size).toBe(0);
  });

  it("is told when the session is signed out, and leaves with nothing stored", async () => {
    const { leave, store } = tab();
    announceSession("signed-out");
    await vi.waitFor(() => expect(leave).toHaveBeenCalledExactlyOnceWith("signed-out"));
    expect(store.values.size).toBe(0);
  });

  it("takes the other tabs along when it learns that the session ended", async () => {
    const heard = vi.fn();
    const channel = new BroadcastChannel("trackbot-session");
    channel.onmessage = (event) => heard(event.data);
    const { runtime } = tab();
    watch(runtime, problem(401, "session_revoked"));
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith("ended"));
    channel.close();
  });

  it("leaves when another tab signed in somebody else, and stays for the same user", async () => {
    const { leave, store, whoAmI } = tab();
    announceSession("signed-in");
    await whoAmI.mock.results[0]?.value;
    await Promise.resolve();
    expect(leave).not.toHaveBeenCalled();
    signedIn = "2";
    announceSession("signed-in");
    await vi.waitFor(() => expect(leave).toHaveBeenCalledExactlyOnceWith("other-user"));
    expect(store.values.size).toBe(0);
  });

  it("tells the other tabs what a write changed", async () => {
    const [first, second] = [tab(), tab()];
    const queryFn = vi.fn(async () => 1);
    watch(second.runtime, queryFn, ["accounts", "x"]);
    await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(1));
    await first.runtime.changed([["accounts"]]);
    await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  });

  it("keeps what was seen through an outage and asks again when it is over", async () => {
    let up = true;
    const { runtime } = tab(async () => (up ? "ok" : "down"));
    const down = problem(503, "unavailable");
    let answer = 1;
    const observer = watch(runtime, () => (up ? Promise.resolve(answer) : down()));
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe(1));
    up = false;
    answer = 2;
    await observer.refetch();
    await vi.waitFor(() => expect(runtime.connection.snapshot().status).toBe("stale"));
    expect(observer.getCurrentResult().data).toBe(1);
    const never = watch(runtime, () => (up ? Promise.resolve("new") : down()), ["never seen"]);
    await vi.waitFor(() => expect(never.getCurrentResult().status).toBe("error"));
    up = true;
    runtime.connection.hurry();
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe(2));
    await vi.waitFor(() => expect(never.getCurrentResult().data).toBe("new"));
    expect(runtime.connection.snapshot().status).toBe("live");
  });

  it("does not call a single broken call an outage", async () => {
    const check = vi.fn(async (): Promise<Check> => "ok");
    const { runtime } = tab(check);
    const observer = watch(runtime, problem(500, "internal"));
    await vi.waitFor(() => expect(observer.getCurrentResult().status).toBe("error"));
    await vi.waitFor(() => expect(check).toHaveBeenCalled());
    await vi.waitFor(() => expect(runtime.connection.snapshot().status).toBe("live"));
  });
});
