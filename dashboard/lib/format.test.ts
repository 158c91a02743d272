import { describe, expect, it } from "vitest";
import { asOf, change, compact, duration, exactTime, NONE, number, relativeTime, signed, signedShare } from "./format";

describe("numbers", () => {
  it("are written as the locale does", () => {
    expect(number(1234567, "en")).toBe("1,234,567");
    expect(number(1234567, "de")).toBe("1.234.567");
    expect(compact(12_345, "en")).toBe("12.3K");
    expect(compact(999, "en")).toBe("999");
  });

  it("are a dash and never 0 when the platform has none", () => {
    for (const write of [number, compact, signed, signedShare]) expect(write(null)).toBe(NONE);
    expect(number(0)).toBe("0");
  });

  it("tell a change with its sign, and none without something to compare with", () => {
    expect(signed(12)).toBe("+12");
    expect(signed(0)).toBe("0");
    expect(signedShare(change(150, 100))).toBe("+50%");
    expect(signedShare(change(75, 100))).toBe("-25%");
    expect(change(5, 0)).toBeNull();
    expect(change(null, 5)).toBeNull();
  });
});

const now = Date.parse("2026-11-23T12:00:00Z");

describe("times", () => {
  it.each([
    ["2026-11-23T11:59:50Z", "now"],
    ["2026-11-23T11:57:00Z", "3 min. ago"],
    ["2026-11-23T11:00:00Z", "1 hr. ago"],
    ["2026-11-23T14:00:00Z", "in 2 hr."],
    ["2026-11-22T12:00:00Z", "yesterday"],
    ["2026-12-23T12:00:01Z", "in 30 days"],
    ["2027-01-12T12:00:00Z", "in 2 mo."],
    ["2026-09-20T12:00:00Z", "2 mo. ago"],
    ["2025-11-20T12:00:00Z", "1 yr. ago"],
    ["2024-11-20T12:00:00Z", "2 yr. ago"],
  ])("%s is %s", (at, words) => {
    expect(relativeTime(at, now)).toBe(words);
  });

  it("are a dash when there is none or it is no time", () => {
    expect(relativeTime(null, now)).toBe(NONE);
    expect(relativeTime("soon", now)).toBe(NONE);
    expect(exactTime(undefined)).toBe(NONE);
  });

  it("are exact to the second with the zone", () => {
    expect(exactTime("2026-11-23T11:57:03Z", "en-GB", "UTC")).toBe("23 Nov 2026, 11:57:03 UTC");
  });

  it("are as of a clock time today and with the day before it", () => {
    expect(asOf("2026-11-23T09:03:00Z", now, "en-GB", "UTC")).toBe("09:03");
    expect(asOf("2026-11-22T09:03:00Z", now, "en-GB", "UTC")).toBe("22 Nov, 09:03");
  });

  it("last in the unit that fits", () => {
    expect(duration(4_200)).toBe("4 s");
    expect(duration(5 * 60_000)).toBe("5 min");
    expect(duration(125 * 60_000)).toBe("2 h 5 min");
    expect(duration(72 * 3_600_000)).toBe("3 d");
    expect(duration(null)).toBe(NONE);
  });
});
