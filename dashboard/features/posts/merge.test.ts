import { describe, expect, it } from "vitest";
import { postPage } from "@/test/rows";
import { flatten, newOnes, type Pages, withHead } from "./merge";

const ids = (pages: Pages) => flatten(pages.pages).map((post) => post.id);
const loaded: Pages = { pages: [postPage(["c", "b"], "1"), postPage(["a"], null)], pageParams: [null, "1"] };

describe("a fresh first page", () => {
  it("puts new posts in front and keeps the pages that are loaded", () => {
    const joined = withHead(loaded, postPage(["d", "c"], "x"));
    expect(ids(joined)).toEqual(["d", "c", "b", "a"]);
    expect(joined.pageParams).toEqual([null, "1"]);
    expect(joined.pages.at(-1)?.nextCursor).toBeNull();
    expect(joined.pages[0]?.nextCursor).toBe("1");
  });

  it("brings new figures of posts that are loaded", () => {
    const head = postPage(["c", "b"], "x");
    const [first] = head.items;
    if (first) first.metrics.views = 7;
    expect(withHead(loaded, head).pages[0]?.items[0]?.metrics.views).toBe(7);
  });

  it("begins the list anew when it shares nothing with it, or is all there is", () => {
    expect(ids(withHead(loaded, postPage(["z", "y"], "n")))).toEqual(["z", "y"]);
    expect(ids(withHead(loaded, postPage(["c"], null)))).toEqual(["c"]);
    expect(ids(withHead(undefined, postPage(["c"], "1")))).toEqual(["c"]);
  });

  it("counts what is new before the first post that is known", () => {
    const known = flatten(loaded.pages);
    expect(newOnes(known, postPage(["e", "d", "c"], "x"))).toBe(2);
    expect(newOnes(known, postPage(["c"], "x"))).toBe(0);
    expect(newOnes(known, postPage(["z"], "x"))).toBe(1);
  });
});

it("a post that moved over a page's edge is shown once", () => {
  const twice: Pages = { pages: [postPage(["b", "a"], "1"), postPage(["a", "0"], null)], pageParams: [null, "1"] };
  expect(ids(twice)).toEqual(["b", "a", "0"]);
});
