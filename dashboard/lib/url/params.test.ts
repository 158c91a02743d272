import { describe, expect, it } from "vitest";
import { changedSearch, day, oneOf, param, readParams, text } from "./params";

const params = {
  q: text(""),
  brand: text(),
  sort: oneOf(["new", "old"], "new"),
  from: day,
  page: param<number>((value) => (/^\d+$/.test(value) ? Number(value) : null), String, 1),
};

describe("the state in an address", () => {
  it("is read from what a page and a browser are given, the first of what is repeated", () => {
    const want = { q: "a b", brand: "x", sort: "old", from: "2026-11-22", page: 3 };
    const search = { q: "a b", brand: ["x", "y"], sort: "old", from: "2026-11-22", page: "3", other: "1" };
    expect(readParams(params, search)).toEqual(want);
    expect(readParams(params, new URLSearchParams("q=a+b&brand=x&brand=y&sort=old&from=2026-11-22&page=3"))).toEqual(
      want,
    );
  });

  it("falls back where it is nothing that it could be", () => {
    const none = { q: "", brand: null, sort: "new", from: null, page: 1 };
    expect(readParams(params, {})).toEqual(none);
    expect(readParams(params, { sort: "; drop", from: "2026-13-99", page: "-1" })).toEqual(none);
    expect(readParams(params, { from: "yesterday" }).from).toBeNull();
  });

  it("is written without what is the fallback, and beside what belongs to others", () => {
    expect(changedSearch(params, "?open=1", { q: "ö&", sort: "old" })).toBe("?open=1&q=%C3%B6%26&sort=old");
    expect(changedSearch(params, "?open=1&q=a&page=2", { q: "", page: 1 })).toBe("?open=1");
    expect(changedSearch(params, "?brand=x", { brand: null })).toBe("");
    expect(changedSearch(params, "?brand=x", {})).toBe("?brand=x");
  });
});
