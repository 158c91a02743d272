// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loginError } from "@/features/login/errors";
import { loginPage } from "@/features/login/page";
import { loginColors } from "@/features/login/style";

const plain = { problem: undefined, returnTo: "/", nonce: "abc" };

test("leads to the sign-in, with the way back where there is one", () => {
  expect(loginPage(plain)).toContain('href="/auth/start"');
  expect(loginPage({ ...plain, returnTo: '/guilds/1?a=b&c="<x>' })).toContain(
    'href="/auth/start?returnTo=%2Fguilds%2F1%3Fa%3Db%26c%3D%22%3Cx%3E"',
  );
});

test("says what went wrong in plain words, never what the address says", () => {
  expect(loginPage({ ...plain, problem: loginError("access_denied") })).toContain("You cancelled at Discord");
  const made = loginPage({ ...plain, problem: loginError("<script>alert(1)</script>") });
  expect(made).toContain("Signing in did not work");
  expect(made).not.toContain("alert(1)");
  expect(loginPage(plain)).not.toContain('role="alert"');
});

test("has one script, under the nonce", () => {
  expect(loginPage(plain).match(/<script[^>]*>/g)).toEqual(['<script nonce="abc">']);
});

test("has the colours of the other pages", () => {
  const css = readFileSync("app/globals.css", "utf8");
  const [light, dark] = css.split(/\.dark\s*\{/);
  for (const [sheet, colors] of [
    [light, loginColors.light],
    [dark, loginColors.dark],
  ] as const) {
    for (const [name, value] of Object.entries(colors)) {
      expect(sheet).toContain(`--${name}: ${value};`);
    }
  }
});
