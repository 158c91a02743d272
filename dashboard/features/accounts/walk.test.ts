import { describe, expect, it, vi } from "vitest";
import type { AccountList } from "@/features/tracking/types";
import { accountPage } from "@/test/rows";
import { EAGER_PAGES, isComplete, PACE, type Walk, walk } from "./walk";

/** An API with `count` pages of one account each; the cursor is the page's number. */
function deps(count: number, watched = () => true) {
  const page = vi.fn(async (cursor: string | null): Promise<AccountList> => {
    const index = Number(cursor ?? 0);
    return accountPage([`a${index}`], index + 1 < count ? String(index + 1) : null);
  });
  return { page, wait: vi.fn(async () => {}), publish: vi.fn((_walk: Walk) => {}), watched };
}

const ids = (result: Walk) => result.items.map((account) => account.id);

describe("the walk over a guild's accounts", () => {
  it("reads every page once and is complete then", async () => {
    const api = deps(3);
    const result = await walk(undefined, api);
    expect(ids(result)).toEqual(["a0", "a1", "a2"]);
    expect(isComplete(result)).toBe(true);
    expect(api.page).toHaveBeenCalledTimes(3);
  });

  it("shows what is there while it goes on, as long as nothing complete is shown", async () => {
    const api = deps(3);
    await walk(undefined, api);
    expect(api.publish.mock.calls.map(([part]) => ids(part))).toEqual([["a0"], ["a0", "a1"]]);
    const again = deps(3);
    await walk({ ...accountPage(["old"], null) }, again);
    expect(again.publish).not.toHaveBeenCalled();
  });

  it("leaves most of a minute's 60 calls to everything else", async () => {
    const api = deps(50);
    await walk(undefined, api);
    expect(api.wait).toHaveBeenCalledTimes(50 - EAGER_PAGES);
    expect(EAGER_PAGES + 60_000 / PACE).toBeLessThan(50);
  });

  it("goes on where it stopped", async () => {
    const api = deps(4);
    const result = await walk(accountPage(["a0", "a1"], "2"), api);
    expect(ids(result)).toEqual(["a0", "a1", "a2", "a3"]);
    expect(api.page).toHaveBeenCalledTimes(2);
  });

  it("begins anew after what was cut when it was stored", async () => {
    const cut: Walk = { ...accountPage(["a0"], null), complete: false };
    expect(isComplete(cut)).toBe(false);
    expect(ids(await walk(cut, deps(2)))).toEqual(["a0", "a1"]);
  });

  it("stops when nobody looks, and keeps a complete list rather than a part of a new one", async () => {
    const part = await walk(
      undefined,
      deps(9, () => false),
    );
    expect(ids(part)).toEqual(["a0"]);
    expect(part.nextCursor).toBe("1");
    const before = accountPage(["x", "y"], null);
    expect(
      await walk(
        before,
        deps(9, () => false),
      ),
    ).toBe(before);
  });

  it("waits as long as a rate limit says, and loses nothing", async () => {
    const api = deps(2);
    const limited = Object.assign(new Error("limited"), { status: 429, retryAfter: 7 });
    api.page.mockRejectedValueOnce(limited);
    expect(ids(await walk(undefined, api))).toEqual(["a0", "a1"]);
    expect(api.wait).toHaveBeenCalledExactlyOnceWith(7_000);
  });

  it("hands an outage on at once", async () => {
    const api = deps(2);
    api.page.mockRejectedValueOnce(Object.assign(new Error("down"), { status: 503 }));
    await expect(walk(undefined, api)).rejects.toThrow("down");
  });

  it("is as old as its oldest page", async () => {
    const api = deps(2);
    api.page.mockResolvedValueOnce({ ...accountPage(["a0"], "1"), asOf: "2026-01-01T00:00:00.000Z" });
    expect((await walk(undefined, api)).asOf).toBe("2026-01-01T00:00:00.000Z");
  });
});
