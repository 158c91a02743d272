import { expect, it } from "vitest";
import { fileSize, scopeOf } from "./labels";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [123_456, "123 kB"],
  [21_000_000, "21.0 MB"],
  [5e12, "5000 GB"],
])("%d bytes are %s", (bytes, want) => expect(fileSize(bytes)).toBe(want));

it("says what an export holds", () => {
  expect(scopeOf({})).toBe("Everything");
  expect(scopeOf({ platform: "bluesky", from: "2026-11-01", brandId: "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d" })).toBe(
    "platform bluesky, from 2026-11-01, one brand",
  );
});
