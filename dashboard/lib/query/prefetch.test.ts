import { hydrate } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { browserQueryClient } from "./client";
import { prefetch } from "./prefetch";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("hands over what was answered, lists by their first page", async () => {
  const state = await prefetch(
    [{ queryKey: ["get", "/a"] }, { queryKey: ["get", "/b"], initialPageParam: null }],
    async (key) => ({ of: key[1] }),
  );
  const client = browserQueryClient();
  hydrate(client, state);
  expect(client.getQueryData(["get", "/a"])).toEqual({ of: "/a" });
  expect(client.getQueryData(["get", "/b"])).toEqual({ pages: [{ of: "/b" }], pageParams: [null] });
});

it("leaves out what fails, and the rest is there", async () => {
  const state = await prefetch([{ queryKey: ["good"] }, { queryKey: ["bad"] }], async (key) => {
    if (key[0] === "bad") throw new Error("down");
    return 1;
  });
  expect(state.queries.map((query) => query.queryKey)).toEqual([["good"]]);
});

it("waits two seconds for an API that does not answer, then comes without", async () => {
  vi.spyOn(AbortSignal, "timeout").mockImplementation((after) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), after);
    return controller.signal;
  });
  const state = prefetch([{ queryKey: ["hangs"] }], () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await state).queries).toEqual([]);
});
