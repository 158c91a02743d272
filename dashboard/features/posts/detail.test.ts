import { describe, expect, it } from "vitest";
import type { Delivery, MetricSnapshot } from "@/features/tracking/types";
import { aPost } from "@/test/rows";
import { postTitle } from "./cells";
import { moments, stepWords } from "./delivery-words";
import { measured, scales } from "./metric-history";

const snapshot = (change: Partial<MetricSnapshot>): MetricSnapshot => ({
  ...{ measuredAt: "2026-11-22T10:00:00Z", ageSeconds: 60, views: null, likes: null, comments: null, shares: null },
  ...change,
});

describe("a metric history", () => {
  it("has a line for what was measured, and none for what the platform lacks", () => {
    expect(measured([snapshot({ likes: 0 }), snapshot({ shares: 3 })])).toEqual(["likes", "shares"]);
    expect(measured([snapshot({})])).toEqual([]);
    expect(scales([])).toEqual([]);
  });

  it("draws views apart where the rest would lie flat beside them", () => {
    expect(scales([snapshot({ views: 9_000, likes: 30, comments: 2 })])).toEqual([["views"], ["likes", "comments"]]);
    expect(scales([snapshot({ views: 90, likes: 30 })])).toEqual([["views", "likes"]]);
    expect(scales([snapshot({ views: 90 })])).toEqual([["views"]]);
  });
});

describe("a delivery", () => {
  const times = {
    ...{ publishedAt: "2026-11-22T10:00:00Z", detectedAt: "2026-11-22T10:05:00Z" },
    ...{ queuedAt: "2026-11-22T10:05:01Z", deliveredAt: null },
  };

  it("tells its four times with how long each took", () => {
    expect(moments(times as Delivery)).toEqual([
      { label: "Published", at: times.publishedAt, after: null },
      { label: "Detected", at: times.detectedAt, after: 300_000 },
      { label: "Queued", at: times.queuedAt, after: 1_000 },
      { label: "Delivered", at: null, after: null },
    ]);
  });

  it("writes a step it does not know as the API names it", () => {
    expect(stepWords("sent")).toBe("Sent");
    expect(stepWords("route_paused")).toBe("Route paused");
  });
});

it("a post is called by its title, else by how its text begins", () => {
  expect(postTitle(aPost({ id: "1", title: "T", body: "b" }))).toBe("T");
  expect(postTitle(aPost({ id: "1", title: null, body: "a\n  b" }))).toBe("a b");
  expect(postTitle(aPost({ id: "1", title: null, body: "x".repeat(200) }))).toHaveLength(140);
  expect(postTitle(aPost({ id: "1", title: null, body: null }))).toBe("Without text");
});
