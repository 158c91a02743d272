// @vitest-environment node
import { describe, expect, test } from "vitest";
import { isReturnTo, loginPath, safeReturnTo } from "@/lib/return-to";

describe("isReturnTo", () => {
  test.each(["/", "/guilds/1", "/guilds/1/tracking/posts?kind=video&q=%20a", "/a//b", "/~x!", `/${"a".repeat(511)}`])(
    "takes %s",
    (path) => {
      expect(isReturnTo(path)).toBe(true);
    },
  );

  test.each([
    "",
    "guilds",
    "//evil.example",
    "/\\evil.example",
    "/a\\b",
    "https://evil.example",
    "javascript:alert(1)",
    "/a b",
    "/a\tb",
    "/a\n//evil.example",
    "/ä",
    "/\u0000",
    "/\u007f",
    " /a",
    `/${"a".repeat(512)}`,
    null,
    undefined,
    ["/a"],
  ])("refuses %j", (path) => {
    expect(isReturnTo(path)).toBe(false);
  });
});

test("safeReturnTo leads to the start page instead of elsewhere or in a circle", () => {
  for (const path of ["//evil.example", null, "/login", "/login?returnTo=/x", "/auth/logout", "/api/v1/guilds"]) {
    expect(safeReturnTo(path)).toBe("/");
  }
  expect(safeReturnTo("/login-help")).toBe("/login-help");
  expect(safeReturnTo("/guilds/1?tab=2")).toBe("/guilds/1?tab=2");
});

test("loginPath keeps the way back as one parameter", () => {
  expect(loginPath("/")).toBe("/login");
  expect(loginPath("/guilds/1?a=b&c=d")).toBe("/login?returnTo=%2Fguilds%2F1%3Fa%3Db%26c%3Dd");
  expect(loginPath("//evil.example", "expired")).toBe("/login?error=expired");
});
