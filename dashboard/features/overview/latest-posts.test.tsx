import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderPage, serve } from "@/test/page";
import { KeyFigures } from "./key-figures";
import { LatestPosts } from "./latest-posts";

const post = (id: string, authorName: string | null, accountId = "a1") => ({
  ...{ id, accountId, authorName, platform: "rss", title: `Post ${id}`, url: `https://www.${accountId}.example/${id}` },
  ...{ publishedAt: "2026-11-22T10:00:00.000Z", delivery: { state: "none", reason: null } },
});

it("names the account where a post names nobody, and the site where that is not known", async () => {
  const calls = serve({
    "GET /posts": { items: [post("1", null), post("2", "Ann"), post("3", null, "a2")], nextCursor: null, asOf: null },
    "GET /accounts": { items: [{ id: "a1", handle: "a1.example", displayName: "Harbour news" }], nextCursor: null },
  });
  renderPage(<LatestPosts guildId="1" />);
  expect(await screen.findByText(/^Harbour news · RSS/)).toBeDefined();
  expect(screen.getByText(/^Ann · RSS/)).toBeDefined();
  expect(screen.getByText(/^a2\.example · RSS/)).toBeDefined();
  expect(calls.filter((call) => call.includes("/accounts"))).toEqual(["GET /accounts?platform=rss&limit=100"]);
});

it("asks for no accounts where every post names its author", async () => {
  const calls = serve({ "GET /posts": { items: [post("1", "Ann")], nextCursor: null, asOf: null } });
  renderPage(<LatestPosts guildId="1" />);
  expect(await screen.findByText(/^Ann · RSS/)).toBeDefined();
  expect(calls.some((call) => call.includes("/accounts"))).toBe(false);
});

it("says of which days the key figures are", async () => {
  const totals = { posts: 5, views: 7, likes: 1, comments: 1, shares: 1 };
  serve({ "GET /analytics": { totals, previousTotals: totals, series: [] }, "GET /usage": { series: [] } });
  renderPage(<KeyFigures guildId="1" />);
  expect(await screen.findByRole("region", { name: "Last 7 days" })).toBeDefined();
  expect(screen.getByText("Changes are against the 7 days before.")).toBeDefined();
});
