import { describe, expect, it } from "vitest";
import { countFilters, NO_POST_FILTERS, type PostFilters, postParams, toQuery } from "./filters";
import { day, lastDays, rangeLabel } from "./range";

const none: PostFilters = { ...NO_POST_FILTERS, sort: "publishedAt" };

describe("the filters of the posts", () => {
  it("send only what is set, and no order that is the default anyway", () => {
    expect(toQuery(none)).toEqual({});
    expect(toQuery({ ...none, q: " a ", brand: "b", group: "g", account: "c", kind: "short", sort: "views" })).toEqual({
      ...{ q: "a", brandId: "b", groupId: "g", accountId: "c", kind: "short", sort: "views" },
    });
  });

  it("turn a range that was given the wrong way round", () => {
    expect(toQuery({ ...none, from: "2026-11-20", to: "2026-11-01" })).toEqual({
      from: "2026-11-01",
      to: "2026-11-20",
    });
  });

  it("send no more text than the API takes", () => {
    expect(toQuery({ ...none, q: "x".repeat(300) }).q).toHaveLength(100);
  });

  it("ignore what somebody wrote into the address", () => {
    expect(postParams.from.parse("2026-11-22")).toBe("2026-11-22");
    expect(postParams.from.parse("2026-13-99")).toBeNull();
    expect(postParams.from.parse("yesterday")).toBeNull();
    expect(postParams.kind.parse("podcast")).toBeNull();
    expect(postParams.sort.parse("; drop")).toBeNull();
  });

  it("count the choices, not the search nor the order", () => {
    expect(countFilters({ ...none, q: "x", sort: "likes" })).toBe(0);
    expect(countFilters({ ...none, brand: "b", from: "2026-11-01" })).toBe(2);
  });
});

describe("a range of days", () => {
  it("ends today and has as many days as it says", () => {
    const now = new Date(2026, 10, 23, 12).getTime();
    expect(lastDays(1, now)).toEqual({ from: "2026-11-23", to: null });
    expect(lastDays(7, now)).toEqual({ from: "2026-11-17", to: null });
    expect(day(now)).toBe("2026-11-23");
  });

  it("is named in a few words", () => {
    expect(rangeLabel({ from: null, to: null })).toBe("Any time");
    expect(rangeLabel({ from: "2026-11-01", to: null })).toBe("From 2026-11-01");
    expect(rangeLabel({ from: "2026-11-01", to: "2026-11-01" })).toBe("2026-11-01");
  });
});
