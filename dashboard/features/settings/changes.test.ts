import { expect, it } from "vitest";
import { changed, conflicts, faults, merged } from "./changes";
import type { Settings } from "./queries";

const base: Settings = {
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

it("names the fields that differ, quiet hours by their times", () => {
  const hours = { ...base, quietHours: { start: "22:00", end: "07:00" } };
  expect(changed(base, base)).toEqual([]);
  expect(changed(base, hours)).toEqual(["quietHours"]);
  expect(changed(hours, { ...base, quietHours: { start: "22:00", end: "07:00" } })).toEqual([]);
});

it("keeps mine and takes theirs where I changed nothing", () => {
  const mine: Settings = { ...base, digest: "daily", timezone: "Europe/Berlin" };
  const theirs: Settings = { ...base, digest: "hourly", locale: "de" };
  expect(merged(base, mine, theirs)).toEqual({ ...base, digest: "daily", timezone: "Europe/Berlin", locale: "de" });
});

it("tells of a conflict where they changed to something else than I have", () => {
  const mine: Settings = { ...base, digest: "daily" };
  expect(conflicts(base, mine, { ...base, digest: "daily" })).toEqual([]);
  expect(conflicts(base, mine, { ...base, digest: "hourly", locale: "de" })).toEqual(["digest", "locale"]);
});

it.each([
  [{ breakoutFactor: 1.5 }, "breakoutFactor"],
  [{ breakoutFactor: Number.NaN }, "breakoutFactor"],
  [{ quietHours: { start: "22:00", end: "22:00" } }, "quietHours"],
  [{ quietHours: { start: "", end: "07:00" } }, "quietHours"],
  [{ embedColor: "red" }, "embedColor"],
  [{ locale: "e" }, "locale"],
] as const)("finds the fault of %j", (change, key) => {
  expect(Object.keys(faults({ ...base, ...change }))).toEqual([key]);
  expect(faults(base)).toEqual({});
});
