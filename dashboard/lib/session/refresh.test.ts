// @vitest-environment node
import { describe, expect, test, vi } from "vitest";
import { type RefreshCall, type Refreshed, Refresher } from "@/lib/session/refresh";

const pair = (n: number) => ({
  accessToken: `access-${n}`,
  tokenType: "Bearer" as const,
  expiresIn: 900,
  refreshToken: `token-${n}`,
  refreshExpiresAt: "2026-12-01T00:00:00.000Z",
});

const rotated = (n: number): Refreshed => ({ kind: "rotated", pair: pair(n), at: 0 });

/** The API's rule for one session, as its state table has it: 60 s for the same key, 10 s for a race, else theft. */
function sessionAtTheAPI(now: () => number) {
  let generation = 0;
  let lastKey = "";
  let rotatedAt = Number.NEGATIVE_INFINITY;
  let revoked = false;
  let calls = 0;
  const call: RefreshCall = async (token, key) => {
    calls++;
    await Promise.resolve();
    const presented = Number(token.replace("token-", ""));
    if (revoked) {
      return { kind: "ended" };
    }
    if (presented === generation) {
      generation++;
      lastKey = key;
      rotatedAt = now();
      return rotated(generation);
    }
    if (presented === generation - 1 && key === lastKey && now() - rotatedAt <= 60_000) {
      return rotated(generation);
    }
    if (presented === generation - 1 && now() - rotatedAt <= 10_000) {
      return { kind: "race" };
    }
    revoked = true;
    return { kind: "ended" };
  };
  return { call, calls: () => calls, generation: () => generation, revoked: () => revoked };
}

function clock() {
  let time = 1_000_000;
  return { now: () => time, pass: (ms: number) => (time += ms) };
}

describe("Refresher", () => {
  test("makes one call for a hundred callers at once and gives all of them the same tokens", async () => {
    const { now } = clock();
    const api = sessionAtTheAPI(now);
    const refresher = new Refresher(now);
    const results = await Promise.all(Array.from({ length: 100 }, () => refresher.refresh("token-0", api.call)));
    expect(api.calls()).toBe(1);
    expect(new Set(results.map((r) => (r.kind === "rotated" ? r.pair.refreshToken : r.kind)))).toEqual(
      new Set(["token-1"]),
    );
  });

  test("answers requests that left before the new cookie came from memory for 30 s", async () => {
    const time = clock();
    const api = sessionAtTheAPI(time.now);
    const refresher = new Refresher(time.now);
    await refresher.refresh("token-0", api.call);
    time.pass(29_999);
    expect(await refresher.refresh("token-0", api.call)).toEqual(rotated(1));
    expect(api.calls()).toBe(1);
    time.pass(1);
    expect(await refresher.refresh("token-0", api.call)).toEqual(rotated(1));
    expect(api.calls()).toBe(2);
    expect(api.revoked()).toBe(false);
  });

  test("keeps the session when five instances refresh the same token at once", async () => {
    const { now } = clock();
    const api = sessionAtTheAPI(now);
    const instances = Array.from({ length: 5 }, () => new Refresher(now));
    const results = await Promise.all(
      instances.flatMap((one) => [one.refresh("token-0", api.call), one.refresh("token-0", api.call)]),
    );
    expect(results).toEqual(Array.from({ length: 10 }, () => rotated(1)));
    expect(api.generation()).toBe(1);
    expect(api.revoked()).toBe(false);
  });

  test("gives a late request the last tokens of the chain, so that no cookie goes backwards", async () => {
    const time = clock();
    const api = sessionAtTheAPI(time.now);
    const refresher = new Refresher(time.now);
    await refresher.refresh("token-0", api.call);
    time.pass(5_000);
    await refresher.refresh("token-1", api.call);
    time.pass(5_000);
    await refresher.refresh("token-2", api.call);
    expect(await refresher.refresh("token-0", api.call)).toEqual(rotated(3));
    expect(api.calls()).toBe(3);
  });

  test("tells a late request that the session ended further on in the chain", async () => {
    const { now } = clock();
    const refresher = new Refresher(now);
    await refresher.refresh("token-0", async () => rotated(1));
    await refresher.refresh("token-1", async () => ({ kind: "ended" }));
    expect(await refresher.refresh("token-0", async () => rotated(1))).toEqual({ kind: "ended" });
  });

  test("derives the idempotency key from the token alone, and does not show the token in it", async () => {
    const call = vi.fn<RefreshCall>(async () => rotated(1));
    await new Refresher().refresh("token-0", call);
    await new Refresher().refresh("token-0", call);
    await new Refresher().refresh("token-1", call);
    const keys = call.mock.calls.map(([, key]) => key);
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test.each([
    ["race", 1_000],
    ["unavailable", 2_000],
  ] as const)("tries again %s after %d ms, not at once", async (kind, wait) => {
    const time = clock();
    const refresher = new Refresher(time.now);
    const call = vi.fn<RefreshCall>().mockResolvedValueOnce({ kind }).mockResolvedValue(rotated(1));
    expect(await refresher.refresh("token-0", call)).toEqual({ kind });
    time.pass(wait - 1);
    expect(await refresher.refresh("token-0", call)).toEqual({ kind });
    expect(call).toHaveBeenCalledTimes(1);
    time.pass(1);
    expect(await refresher.refresh("token-0", call)).toEqual(rotated(1));
  });

  test("takes an API that cannot be reached for unavailable", async () => {
    const refresher = new Refresher();
    const result = await refresher.refresh("token-0", () => Promise.reject(new Error("connect ECONNREFUSED")));
    expect(result).toEqual({ kind: "unavailable" });
  });

  test("forgets what is over", async () => {
    const time = clock();
    const refresher = new Refresher(time.now);
    for (let n = 0; n < 50; n++) {
      await refresher.refresh(`other-${n}`, async () => ({ kind: "ended" }));
      time.pass(1_000);
    }
    expect(refresher.size).toBeLessThanOrEqual(31);
  });
});
