import { describe, expect, it } from "vitest";
import { intentOf, isTyping, type Press } from "./shortcuts";

const press = (key: string, more: Partial<Press> = {}): Press => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false },
  ...more,
});

describe("a key", () => {
  it("opens the palette with ⌘ or Ctrl, also out of a field", () => {
    expect(intentOf(press("k", { metaKey: true }), false, false, true)).toEqual({ kind: "palette" });
    expect(intentOf(press("K", { ctrlKey: true }), true, false, true)).toEqual({ kind: "palette" });
    expect(intentOf(press("k", { ctrlKey: true, altKey: true }), false, false, true)).toBeNull();
  });

  it("stays a letter in a field", () => {
    for (const key of ["g", "?", "/", "o"]) expect(intentOf(press(key), true, true, true)).toBeNull();
  });

  it("leaves the browser its own", () => {
    expect(intentOf(press("g", { metaKey: true }), false, false, true)).toBeNull();
    expect(intentOf(press("o", { ctrlKey: true }), false, true, true)).toBeNull();
  });

  it("leads to a page of the guild after g, and to nothing without it", () => {
    expect(intentOf(press("g"), false, false, true)).toEqual({ kind: "prefix" });
    expect(intentOf(press("u"), false, true, true)).toEqual({ kind: "go", path: "/usage", guild: true });
    expect(intentOf(press("u"), false, false, true)).toBeNull();
  });

  it("leads to no page of a guild outside of one, but to the person's", () => {
    expect(intentOf(press("u"), false, true, false)).toBeNull();
    expect(intentOf(press("s"), false, true, false)).toEqual({ kind: "go", path: "/", guild: false });
  });

  it("shows the help and finds the search", () => {
    expect(intentOf(press("?"), false, false, false)).toEqual({ kind: "help" });
    expect(intentOf(press("/"), false, false, false)).toEqual({ kind: "search" });
  });
});

it("knows a field from the rest of the page", () => {
  expect(isTyping(document.createElement("input"))).toBe(true);
  expect(isTyping(document.createElement("textarea"))).toBe(true);
  expect(isTyping(document.createElement("button"))).toBe(false);
  expect(isTyping(null)).toBe(false);
});
