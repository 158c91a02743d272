import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { WithRouter } from "@/test/router";
import { checklist, isOnboarding, type Known } from "./checklist";
import { Checklist } from "./checklist-card";

const settings: Known["guild"]["settings"] = {
  ...{ timezone: "UTC", locale: "en", notificationsEnabled: true, defaultChannelId: null, mentionRoleId: null },
  ...{
    quietHours: null,
    digest: "off",
    dashboardAccess: "members",
    embedColor: "#5865f2",
    breakoutFactor: null,
    weeklyScorecard: true,
  },
};

const fresh: Known = {
  guild: { bot: { status: "unknown" }, counts: { brands: 0, groups: 0, accounts: 0, posts30d: 0 }, settings },
  delivered: false,
};

const complete: Known = {
  guild: {
    bot: { status: "offline" },
    counts: { brands: 1, groups: 1, accounts: 1, posts30d: 0 },
    settings: { ...settings, defaultChannelId: "400000000000000002" },
  },
  delivered: true,
};

const done = (known: Known) =>
  checklist(known)
    .filter((step) => step.done)
    .map((step) => step.id);

it("begins with nothing done and ends with everything, a bot that is offline later included", () => {
  expect(done(fresh)).toEqual([]);
  expect(done(complete)).toEqual(["bot", "channel", "brand", "account", "delivery"]);
});

it("is shown until all is done, and not before it is known whether anything was sent", () => {
  expect(isOnboarding(checklist(fresh), fresh)).toBe(true);
  expect(isOnboarding(checklist(complete), complete)).toBe(false);
  const unknown = { ...complete, delivered: undefined };
  expect(isOnboarding(checklist(unknown), unknown)).toBe(false);
});

it("tells what to do for the first open step alone", () => {
  render(
    <Checklist guildId="4" steps={checklist({ ...fresh, guild: { ...fresh.guild, bot: { status: "online" } } })} />,
    { wrapper: WithRouter },
  );
  expect(screen.getByText("1 of 5 done")).toBeVisible();
  expect(screen.getByText(/channel set/)).toBeVisible();
  expect(screen.getByRole("link", { name: "Go there" })).toHaveAttribute("href", "/guilds/4/settings");
  expect(screen.queryByText(/brand add/)).toBeNull();
  expect(screen.getAllByRole("listitem").filter((item) => item.getAttribute("aria-current") === "step")).toHaveLength(
    1,
  );
});
