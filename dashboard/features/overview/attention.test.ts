import { expect, it } from "vitest";
import type { components } from "@/lib/schema";
import { attention, type Known } from "./attention";

type Schemas = components["schemas"];

const limits: Schemas["Limits"] = {
  ...{ accounts: 10, brands: 10, exportRows: 1, historyDays: 1, minPollIntervalSeconds: 300 },
  ...{ notificationsPerDay: 100, requestsPerMinute: 60 },
};
const settings: Schemas["GuildSettings"] = {
  ...{ timezone: "UTC", locale: "en", notificationsEnabled: true, defaultChannelId: "1", mentionRoleId: null },
  ...{
    quietHours: null,
    digest: "off",
    dashboardAccess: "members",
    embedColor: "#5865f2",
    breakoutFactor: null,
    weeklyScorecard: true,
  },
};
const guild: Known["guild"] = {
  id: "4",
  counts: { accounts: 1, brands: 1, groups: 1, posts30d: 1 },
  ...{ limits, settings, attention: [], suspension: null },
};
const idle = { depth: 0, oldestSeconds: 0 };
const status = (bot: Schemas["BotStatus"], notify = idle): Schemas["GuildStatus"] => ({
  bot: { status: bot, lastHeartbeat: "2026-11-22T11:58:00.000Z", shardCount: 1, guildCount: 1, version: "1" },
  queue: { poll: idle, notify, export: idle },
  sources: [],
  checkedAt: "2026-11-22T12:00:00.000Z",
});
const account = (state: Schemas["AccountState"]) =>
  ({
    id: state,
    handle: "a&b",
    displayName: null,
    state,
    stateReason: "It answers 404.",
    stateSince: "2026-11-22T12:00:00.000Z",
  }) as Schemas["Account"];
const post = (state: Schemas["PostDeliveryState"]) =>
  ({
    id: state,
    title: "T",
    firstSeenAt: "2026-11-22T12:00:00.000Z",
    delivery: { state, reason: null },
  }) as Schemas["Post"];

const titles = (known: Partial<Known>) => attention({ guild, ...known }).map((item) => item.title);

it("is silent when all is well", () => {
  expect(
    titles({
      status: status("online"),
      accounts: [account("ok"), account("paused")],
      posts: [post("sent")],
      sentToday: 79,
    }),
  ).toEqual([]);
});

it("tells first that the server is suspended, and why", () => {
  const suspension = { since: "2026-11-22T12:00:00.000Z", reason: "Unpaid since March." };
  const [item] = attention({ guild: { ...guild, suspension }, status: status("offline") });
  expect(item).toMatchObject({ id: "suspended", tone: "danger", detail: suspension.reason, since: suspension.since });
});

it("tells of a planned deletion and of a log that was tampered with, and leads to them", () => {
  const since = "2026-11-22T12:00:00.000Z";
  const told = (["deletion_scheduled", "audit_broken", "failing_accounts"] as const).map((kind) => ({
    kind,
    count: 1,
    since,
  }));
  expect(attention({ guild: { ...guild, attention: told } }).map(({ id, tone, href }) => [id, tone, href])).toEqual([
    ["deletion_scheduled", "danger", "/guilds/4/data"],
    ["audit_broken", "danger", "/guilds/4/audit"],
  ]);
});

it("tells of a bot that is offline since its last heartbeat, before all that is less bad", () => {
  const items = attention({ guild, status: status("offline"), accounts: [account("paused_by_plan")] });
  expect(items.map((item) => [item.tone, item.title])).toEqual([
    ["danger", "The bot is offline"],
    ["warning", "a&b is paused by the plan"],
  ]);
  expect(items[0]?.since).toBe("2026-11-22T11:58:00.000Z");
});

it("tells of accounts in trouble with the platform's reason, and leads to them", () => {
  const [item] = attention({ guild, accounts: [account("failing")] });
  expect(item).toMatchObject({ detail: "It answers 404.", href: "/guilds/4/tracking/accounts?q=a%26b" });
});

it("names five accounts of a state, so that many of one do not hide the others", () => {
  const many = Array.from({ length: 9 }, (_, n) => ({ ...account("failing"), id: `${n}` }));
  const named = titles({ accounts: [...many, account("gone")] });
  expect(named).toHaveLength(6);
  expect(named).toContain("a&b is gone at the platform");
});

it("tells of a queue only when it does not move", () => {
  expect(titles({ status: status("online", { depth: 500, oldestSeconds: 599 }) })).toEqual([]);
  expect(titles({ status: status("online", { depth: 1, oldestSeconds: 600 }) })).toEqual(["Announcements wait"]);
});

it("warns at 80 % of a limit and alarms at all of it", () => {
  expect(titles({ sentToday: 80 })).toEqual(["Most of the plan's notifications today are used"]);
  const full = { ...guild, counts: { ...guild.counts, accounts: 10 } };
  expect(attention({ guild: full })).toMatchObject([
    { tone: "danger", title: "The plan's limit of accounts is reached" },
  ]);
});

it("tells of posts that did not arrive and of settings that keep them from it", () => {
  expect(titles({ posts: [post("dead"), post("retry")] })).toEqual([
    "A post was not delivered",
    "A post is being tried again",
  ]);
  const muted = { ...guild, settings: { ...settings, notificationsEnabled: false, defaultChannelId: null } };
  expect(titles({ guild: muted })).toEqual(["No channel for announcements", "Announcements are switched off"]);
});

it("tells how many accounts the end of a grace pauses, and leads to the plan", () => {
  const need = { kind: "plan_grace" as const, count: 3, since: null };
  expect(attention({ guild: { ...guild, attention: [need] } })).toMatchObject([
    { tone: "warning", title: "3 accounts will be paused", href: "/guilds/4/plan" },
  ]);
});
