import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Check, Connection } from "./connection";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function made(answers: Check[]) {
  const check = vi.fn(async (): Promise<Check> => answers.shift() ?? "down");
  const onRecovered = vi.fn();
  const onSessionEnded = vi.fn();
  const connection = new Connection({ check, onRecovered, onSessionEnded, random: () => 0.5 });
  return { connection, check, onRecovered, onSessionEnded, status: () => connection.snapshot().status };
}

describe("the connection", () => {
  it("stays live when one call fails and the check is answered", async () => {
    const { connection, status, onRecovered } = made(["ok"]);
    connection.failed();
    expect(status()).toBe("suspect");
    await vi.advanceTimersByTimeAsync(0);
    expect(status()).toBe("live");
    expect(onRecovered).not.toHaveBeenCalled();
  });

  it("is stale when the check fails too, and recovers once by itself", async () => {
    const { connection, status, onRecovered } = made(["down", "down", "ok"]);
    connection.failed();
    await vi.advanceTimersByTimeAsync(0);
    expect(status()).toBe("stale");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(status()).toBe("stale");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(status()).toBe("live");
    expect(onRecovered).toHaveBeenCalledOnce();
  });

  it("checks at 2, 4, 8, 16, then every 30 s", async () => {
    const { connection, check } = made([]);
    connection.failed();
    await vi.advanceTimersByTimeAsync(0);
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const due = connection.snapshot().nextCheckAt ?? 0;
      waits.push(due - Date.now());
      await vi.advanceTimersByTimeAsync(due - Date.now());
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(check).toHaveBeenCalledTimes(7);
  });

  it("spends one check on many calls that fail at once", async () => {
    const { connection, check } = made(["down"]);
    for (let calls = 0; calls < 20; calls++) connection.failed();
    await vi.advanceTimersByTimeAsync(0);
    connection.failed();
    expect(check).toHaveBeenCalledOnce();
  });

  it("is stale at once without a network, and checks when it is back", async () => {
    const { connection, status, check } = made(["ok"]);
    connection.offline();
    expect(status()).toBe("stale");
    expect(check).not.toHaveBeenCalled();
    connection.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(status()).toBe("live");
  });

  it("says when the session ended meanwhile", async () => {
    const { connection, onSessionEnded } = made(["down", "session"]);
    connection.failed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(onSessionEnded).toHaveBeenCalledOnce();
  });

  it("remembers the newest answer, never an older one", () => {
    const { connection } = made([]);
    connection.seen(500);
    connection.seen(300);
    expect(connection.snapshot().lastSeen).toBe(500);
  });

  it("checks no more once closed", async () => {
    const { connection, check } = made(["down"]);
    connection.failed();
    await vi.advanceTimersByTimeAsync(0);
    connection.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(check).toHaveBeenCalledOnce();
  });
});
