import { describe, expect, it } from "vitest";
import { anAccount } from "@/test/rows";
import { accountParams, DEFAULT_SORT, hasFilters, matcher, merged, sortParam } from "./filters";
import type { AccountFilters } from "./queries";

const none: AccountFilters = { q: "", brand: null, group: null, platform: null, state: null };

describe("the filters of the accounts", () => {
  it("find text in handle and name without regard to case, and nothing else", () => {
    const account = anAccount({ id: "1", handle: "Roast.example", displayName: "Küche", url: "https://elsewhere" });
    const finds = (q: string) => matcher({ ...none, q })(account);
    expect(finds(" roast ")).toBe(true);
    expect(finds("KÜCHE")).toBe(true);
    expect(finds("elsewhere")).toBe(false);
  });

  it("all have to match", () => {
    const account = anAccount({ id: "1", brandId: "b", groupId: "g", platform: "rss", state: "failing" });
    const all: AccountFilters = { q: "", brand: "b", group: "g", platform: "rss", state: "failing" };
    expect(matcher(all)(account)).toBe(true);
    for (const other of [{ brand: "x" }, { group: "x" }, { platform: "x" as const }, { state: "ok" as const }]) {
      expect(matcher({ ...all, ...other })(account)).toBe(false);
    }
  });

  it("join what is here with what the API found, each once", () => {
    const [a, b, c] = ["a", "b", "c"].map((id) => anAccount({ id, handle: `find-${id}` }));
    const other = anAccount({ id: "o", handle: "other" });
    if (!a || !b || !c) throw new Error("no rows");
    expect(merged([a, other], [a, b, c], { ...none, q: "find" }).map((row) => row.id)).toEqual(["a", "b", "c"]);
  });

  it("know whether any is set", () => {
    expect(hasFilters(none)).toBe(false);
    expect(hasFilters({ ...none, q: "  " })).toBe(false);
    expect(hasFilters({ ...none, state: "gone" })).toBe(true);
  });

  it("ignore what somebody wrote into the address", () => {
    expect(accountParams.platform.parse("myspace")).toBeNull();
    expect(accountParams.state.parse("ok")).toBe("ok");
    expect(sortParam.parse("-followers")).toEqual({ id: "followers", desc: true });
    expect(sortParam.parse("-password")).toBeNull();
    expect(sortParam.format({ id: "name", desc: false })).toBe("name");
    expect(sortParam.format(DEFAULT_SORT)).toBe("-createdAt");
  });
});
