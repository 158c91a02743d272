import { expect, it } from "vitest";
import { endsSoon, expiryOf, LIFETIMES } from "@/lib/expiry";
import { curlExample } from "./curl";
import { withoutSecret } from "./mutations";

const now = Date.parse("2026-11-22T10:00:00.000Z");

it("never asks for more than a year, with a clock that is some minutes ahead too", () => {
  const ahead = now + 10 * 60_000;
  for (const { value } of LIFETIMES) {
    expect(Date.parse(expiryOf(value, ahead))).toBeLessThanOrEqual(Date.parse("2027-11-22T10:00:00.000Z"));
  }
  expect(expiryOf("30", now)).toBe("2026-12-22T10:00:00.000Z");
});

it("marks what ends within a week", () => {
  expect(endsSoon("2026-11-28T10:00:00.000Z", now)).toBe(true);
  expect(endsSoon("2026-12-22T10:00:00.000Z", now)).toBe(false);
});

it("shows a call that names the server, the key and a path of the API", () => {
  expect(curlExample("https://api.example.org", "4", "tb_live_x")).toContain(
    "'https://api.example.org/api/v1/guilds/4/posts?limit=10'",
  );
  expect(curlExample("https://api.example.org", "4", "tb_live_x")).toContain("Authorization: Bearer tb_live_x");
});

it("keeps no secret in the list, which is stored", () => {
  const made = {
    ...{
      id: "k1",
      name: "Report",
      prefix: "tb_live_4fG7",
      scopes: ["read" as const],
      createdBy: "2",
      createdByName: "Mara",
    },
    ...{ createdAt: "2026-11-22T10:00:00.000Z", expiresAt: "2026-12-22T10:00:00.000Z", lastUsedAt: null },
    key: "tb_live_4fG7_secret",
  };
  expect(JSON.stringify(withoutSecret(made))).not.toContain("secret");
});
