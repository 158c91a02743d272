import { expect, it } from "vitest";
import { defaultInterval, isDay, periodOf } from "./period";
import { interactions, lastDays } from "./queries";

const choice = (from: string | null, to: string | null) => ({ days: null, from, to });

it("takes a preset before days, and days where they make a period", () => {
  expect(periodOf({ days: "7", from: "2026-01-01", to: "2026-02-01" })).toEqual({ days: 7 });
  expect(periodOf(choice("2026-01-01", "2026-01-01"))).toEqual({ from: "2026-01-01", to: "2026-01-01" });
});

it.each([
  [null, null],
  ["2026-01-02", "2026-01-01"],
  ["2026-02-30", "2026-03-01"],
  ["yesterday", "2026-03-01"],
  ["2024-01-01", "2026-01-01"],
])("falls back to 30 days for %j to %j", (from, to) => {
  expect(periodOf(choice(from, to))).toEqual({ days: 30 });
});

it("knows days that the calendar has", () => {
  expect([isDay("2024-02-29"), isDay("2026-02-29"), isDay(null)]).toEqual([true, false, false]);
});

it("draws long periods by week", () => {
  expect(defaultInterval({ days: 90 })).toBe("day");
  expect(defaultInterval({ from: "2026-01-01", to: "2026-12-31" })).toBe("week");
});

it("asks for so many days with today, and for none where that is the API's own default", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  expect(lastDays(7, now)).toEqual({ from: "2026-11-17", to: "2026-11-23" });
  expect(lastDays(30, now)).toEqual({});
});

it("adds up what is offered, and nothing where nothing is", () => {
  expect(interactions({ likes: 2, comments: null, shares: 3 })).toBe(5);
  expect(interactions({ likes: null, comments: null, shares: null })).toBeNull();
});
