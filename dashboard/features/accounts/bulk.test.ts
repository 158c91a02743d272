import { describe, expect, it, vi } from "vitest";
import { runBulk } from "./bulk";

const deps = () => ({ wait: vi.fn(async () => {}), onProgress: vi.fn() });
const refuse = (status: number, extra: object = {}) =>
  Promise.reject(Object.assign(new Error("no"), { status, ...extra }));
const name = (item: string) => item;

describe("a change of many accounts", () => {
  it("does one after the other and tells how far it is", async () => {
    const order: string[] = [];
    const { wait, onProgress } = deps();
    const report = await runBulk(["a", "b"], name, async (item) => void order.push(item), { wait, onProgress });
    expect(report).toEqual({ done: ["a", "b"], left: [], failures: [] });
    expect(order).toEqual(["a", "b"]);
    expect(onProgress.mock.calls).toEqual([[1], [2]]);
  });

  it("names what was refused and goes on", async () => {
    const act = (item: string) =>
      item === "a" ? refuse(409, { code: "conflict", detail: "Gone at the platform" }) : Promise.resolve();
    const report = await runBulk(["a", "b"], name, act, deps());
    expect(report).toEqual({
      ...{ done: ["b"], left: [] },
      failures: [{ item: "a", name: "a", why: "Gone at the platform" }],
    });
  });

  it("waits out a rate limit, four times at most", async () => {
    const { wait, onProgress } = deps();
    const act = vi.fn(() => refuse(429, { code: "rate_limited", retryAfter: 3 }));
    const report = await runBulk(["a"], name, act, { wait, onProgress });
    expect(act).toHaveBeenCalledTimes(4);
    expect(wait.mock.calls).toEqual([[3_000], [3_000], [3_000]]);
    expect(report.failures).toHaveLength(1);
  });

  it("stops at an outage and tells what was not tried", async () => {
    const act = vi.fn(() => refuse(503, { code: "unavailable" }));
    expect(await runBulk(["a", "b", "c"], name, act, deps())).toEqual({
      ...{ done: [], failures: [] },
      left: ["a", "b", "c"],
    });
    expect(act).toHaveBeenCalledOnce();
  });
});
