import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { guildHref, guildSections, isCurrent, personalEntries, visibleSections } from "./navigation";

const pages = `${import.meta.dirname}/../../app/(dashboard)`;
const entries = guildSections.flatMap((section) => section.entries);

it("leads only to pages that are there", () => {
  for (const entry of entries)
    expect(existsSync(`${pages}/guilds/[guildId]${entry.path}/page.tsx`), entry.path).toBe(true);
  for (const entry of personalEntries) expect(existsSync(`${pages}${entry.path}/page.tsx`), entry.path).toBe(true);
});

it("gives every key once", () => {
  const keys = [...entries, ...personalEntries].map((entry) => entry.key);
  expect(new Set(keys).size).toBe(keys.length);
});

it("puts at most five under the thumb", () => {
  expect(entries.filter((entry) => entry.bar).length).toBeLessThanOrEqual(5);
});

it("marks the page, those below it, and the root of the guild only itself", () => {
  const [overview] = entries;
  const posts = { ...personalEntries[0], label: "Posts", path: "/tracking/posts" } as (typeof entries)[number];
  const root = guildHref("1");
  expect(overview && isCurrent(overview, "/guilds/1", root)).toBe(true);
  expect(overview && isCurrent(overview, "/guilds/1/usage", root)).toBe(false);
  expect(isCurrent(posts, "/guilds/1/tracking/posts/2", root)).toBe(true);
  expect(isCurrent(posts, "/guilds/1/tracking/posts-archive", root)).toBe(false);
  const [servers] = personalEntries;
  expect(servers && isCurrent(servers, "/", "")).toBe(true);
  expect(servers && isCurrent(servers, "/account/sessions", "")).toBe(false);
});

it("hides from members what only managers see, with sections that are empty then", () => {
  const shown = visibleSections(false).flatMap((section) => section.entries);
  expect(shown.every((entry) => !entry.manage)).toBe(true);
  expect(visibleSections(false).every((section) => section.entries.length > 0)).toBe(true);
  expect(visibleSections(true).flatMap((section) => section.entries)).toEqual(entries);
});

it("misses no page of a guild that is not below another", () => {
  const built = readdirSync(`${pages}/guilds/[guildId]`, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file}`.replace(/\/page\.tsx$/, ""))
    .filter((path) => !path.includes("["));
  expect(built.sort()).toEqual(entries.map((entry) => entry.path).sort());
});
