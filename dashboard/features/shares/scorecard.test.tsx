import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { dateOf, periodOf, webAddress, weekdayOf } from "./days";
import { withoutToken } from "./mutations";
import type { Scorecard } from "./queries";
import { ScorecardPage } from "./scorecard";

const none = { views: null, likes: null, comments: null, shares: null };
const card: Scorecard = {
  ...{ brandName: "Harbour Roast", guildName: "Harbour Studio", asOf: "2026-11-22T09:00:00.000Z" },
  expiresAt: "2026-12-22T10:00:00.000Z",
  ...{ followers: 12_345, previousFollowers: 12_000 },
  previousPeriod: { from: "2026-11-07T23:00:00.000Z", to: "2026-11-14T23:00:00.000Z" },
  period: { from: "2026-11-14T23:00:00.000Z", to: "2026-11-21T23:00:00.000Z" },
  totals: { ...none, posts: 6, views: 300 },
  previousTotals: { ...none, posts: 3, views: 400 },
  series: [
    { ...none, start: "2026-11-14T23:00:00.000Z", posts: 4 },
    { ...none, start: "2026-11-15T23:00:00.000Z", posts: 2 },
  ],
  previousSeries: [
    { ...none, start: "2026-11-07T23:00:00.000Z", posts: 1 },
    { ...none, start: "2026-11-08T23:00:00.000Z", posts: 2 },
  ],
  topPosts: [
    {
      ...{ ...none, title: "A washed lot", body: null, kind: "post", platform: "bluesky", likes: 1, views: 12_000 },
      ...{ publishedAt: "2026-11-16T10:00:00.000Z", thumbnailUrl: null, url: "javascript:alert(1)" },
    },
  ],
  accounts: [
    {
      ...{ platform: "bluesky", handle: "roast.example", displayName: "The Roast", avatarUrl: null, followers: 12_345 },
      ...{ url: "https://bsky.app/profile/roast.example", totals: { ...none, posts: 6, likes: 0 } },
      ...{ previousFollowers: null, previousTotals: { ...none, posts: 6 } },
    },
  ],
};

it.each([
  ["2026-11-14T23:00:00.000Z", "15 November", "Sun"], // midnight in Berlin
  ["2026-11-15T00:00:00.000Z", "15 November", "Sun"],
  ["2026-11-15T10:00:00.000Z", "15 November", "Sun"], // in Honolulu
  ["2026-11-14T11:00:00.000Z", "15 November", "Sun"], // in Auckland in summer
])("the day that begins at %s somewhere is %s", (start, date, weekday) => {
  expect(dateOf(start)).toBe(date);
  expect(weekdayOf(start)).toBe(weekday);
});

it("names the last day of the period, not the first after it", () => {
  expect(periodOf(card.period)).toBe("15 November to 21 November 2026");
});

it("shows the week against the one before, and no figure that a platform does not give", () => {
  render(<ScorecardPage card={card} />);
  expect(screen.getByRole("heading", { level: 1, name: "Harbour Roast" })).toBeVisible();
  const figures = screen.getByRole("region", { name: "Figures" });
  expect(within(figures).getByTitle("3 in the seven days before")).toHaveTextContent("+100%");
  expect(within(figures).getByTitle("400 in the seven days before")).toHaveTextContent("-25%");
  const row = screen.getByRole("row", { name: /The Roast/ });
  expect(
    within(row)
      .getAllByRole("cell")
      .map((cell) => cell.textContent),
  ).toEqual([...[expect.stringContaining("The Roast"), "12.3K", expect.stringMatching(/^6/), "–", "0", "–", "–"]]);
  expect(screen.getByText("15 November: 4, a week before 1")).toBeInTheDocument();
  expect(screen.getByText("12K views · 1 like")).toBeVisible();
  expect(screen.getByText(/works until 22 December 2026/)).toBeVisible();
});

it("makes no link of an address that is not one of the web", () => {
  expect(webAddress("javascript:alert(1)")).toBeUndefined();
  render(<ScorecardPage card={card} />);
  expect(screen.getByText("A washed lot")).not.toHaveAttribute("href");
  expect(webAddress("https://example.org")).toBe("https://example.org");
});

it("keeps no token in the list, which is stored", () => {
  const made = {
    ...{ id: "s1", brandId: "b1", createdAt: "2026-11-22T10:00:00.000Z", expiresAt: "2026-12-22T10:00:00.000Z" },
    ...{ lastViewedAt: null, token: "Zk3vQ9", url: "https://x.example/shares/Zk3vQ9" },
  };
  expect(JSON.stringify(withoutToken(made))).not.toContain("Zk3vQ9");
});
