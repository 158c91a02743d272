import { expect, it } from "vitest";
import { loginError } from "./errors";

it("tells each code of the contract in words of its own", () => {
  const codes = [
    "access_denied",
    "invalid_state",
    "expired",
    "no_guilds",
    "discord_unavailable",
    "rate_limited",
    "internal",
  ];
  const titles = codes.map((code) => loginError(code)?.title);
  expect(new Set(titles).size).toBe(codes.length);
});

it("tells what it does not know like a fault of ours, and never repeats it", () => {
  expect(loginError("<script>")).toEqual(loginError("internal"));
  expect(loginError("constructor")).toEqual(loginError("internal"));
});

it("says nothing when nothing went wrong", () => {
  expect(loginError(undefined)).toBeUndefined();
  expect(loginError("")).toBeUndefined();
});
