import { expect, it } from "vitest";
import { compareDays, utcDay } from "./figures";

const day = (polls: number) => ({
  date: "2026-11-22",
  polls,
  postsTracked: 0,
  notificationsSent: 0,
  apiRequests: 0,
  apiRequestsRefused: 0,
  exports: 0,
});

it("sums the last days and as many before them", () => {
  const series = [100, 1, 2, 3, 4].map(day);
  expect(compareDays(series, "polls", 2)).toEqual({ now: 7, before: 3 });
});

it("compares with nothing where not all days before are there", () => {
  expect(compareDays([1, 2, 3].map(day), "polls", 2)).toEqual({ now: 5, before: undefined });
  expect(compareDays([], "polls", 2)).toEqual({ now: 0, before: undefined });
});

it("counts days by UTC, over a month's end", () => {
  const now = Date.parse("2026-12-01T00:30:00Z");
  expect([utcDay(now), utcDay(now, 1)]).toEqual(["2026-12-01", "2026-11-30"]);
});
