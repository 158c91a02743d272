import { expect, it } from "vitest";
import { pieces } from "./discord-text";
import { insertAt, templateFault, wordsFault, wordsOf } from "./draft";
import { foresee } from "./mutations";
import { filterWords } from "./names";
import type { PostRoute } from "./queries";

const route: PostRoute = {
  ...{ id: "r1", brandId: "b1", groupId: null, accountId: null, channelId: "1", kinds: ["post", "reply"] },
  ...{ include: [], exclude: [], mentionRoleId: null, template: null, createdAt: "2026-11-22T10:00:00.000Z" },
  ...{ state: "paused", stateReason: "Discord refused a message" },
};

it("reads words between commas and lines, each once whatever its case", () => {
  expect(wordsOf(" sale,  New   arrivals ,\nSALE,, ")).toEqual(["sale", "New arrivals"]);
  expect(wordsOf("  ")).toEqual([]);
});

it("tells too many and too long words before the API does", () => {
  expect(wordsFault(Array.from({ length: 50 }, (_, n) => `w${n}`))).toBeUndefined();
  expect(wordsFault(Array.from({ length: 51 }, (_, n) => `w${n}`))).toMatch(/50/);
  expect(wordsFault(["a".repeat(101)])).toMatch(/100/);
});

it("knows the placeholders of templates and no other", () => {
  expect(
    templateFault("{account} {author} {title} {text} {url} {platform} {kind} {published} { } {1}"),
  ).toBeUndefined();
  expect(templateFault("New: {titel}")).toBe("{titel} is not known.");
  expect(templateFault("a".repeat(1001))).toMatch(/1000/);
});

it("puts a placeholder where the cursor is, over what is selected", () => {
  expect(insertAt("New: old!", "title", 5, 8)).toEqual({ text: "New: {title}!", cursor: 12 });
  expect(insertAt("", "url", 0, 0)).toEqual({ text: "{url}", cursor: 5 });
});

it("shows a resumed route without the reason of its pause, and a text change as it is", () => {
  expect(foresee({ route, change: { state: "active" } })).toMatchObject({ state: "active", stateReason: null });
  expect(foresee({ route, change: { template: "x" } }).stateReason).toBe("Discord refused a message");
});

it("says in words what a route lets through", () => {
  expect(filterWords(route)).toBe("Posts, replies");
  const all: PostRoute["kinds"] = ["post", "video", "short", "live", "reply", "repost"];
  expect(filterWords({ kinds: all, include: ["sale"], exclude: ["ad", "job"] })).toBe(
    "Everything · with “sale” · without “ad”, “job”",
  );
});

it("reads a message as Discord shows it", () => {
  expect(pieces("New: **A \\*bold\\* start** by \\_ann\\_ <t:1700000000:R> <@&42> https://example.org/v")).toEqual([
    { type: "text", text: "New: " },
    { type: "bold", text: "A *bold* start" },
    { type: "text", text: " by _ann_ " },
    { type: "time", seconds: 1700000000 },
    { type: "text", text: " " },
    { type: "role", id: "42" },
    { type: "text", text: " " },
    { type: "link", url: "https://example.org/v" },
  ]);
  expect(pieces("2 * 3 ** 4")).toEqual([{ type: "text", text: "2 * 3 ** 4" }]);
});
