import { describe, expect, it } from "vitest";
import { classify, retryDelay, shouldRetry } from "./errors";
import { explain } from "./explain";

describe("an error", () => {
  it.each([
    [new TypeError("Failed to fetch"), "outage"],
    [{ status: 500, code: "internal" }, "outage"],
    [{ status: 502 }, "outage"],
    [{ status: 503, code: "unavailable" }, "outage"],
    [{ status: 503, code: "permission_check_unavailable" }, "refused"],
    [{ status: 501, code: "not_implemented" }, "refused"],
    [{ status: 401, code: "session_revoked" }, "session"],
    [{ status: 401, code: "unauthenticated" }, "session"],
    [{ status: 401 }, "session"],
    [{ status: 401, code: "refresh_race" }, "race"],
    [{ status: 401, code: "token_expired" }, "race"],
    [{ status: 429, code: "rate_limited" }, "limited"],
    [{ status: 403, code: "tier_limit" }, "refused"],
    [{ status: 404, code: "not_found" }, "refused"],
  ] as const)("%o is of the kind %s", (error, kind) => {
    expect(classify(error)).toBe(kind);
  });

  it("is no outage when the page left before the answer", () => {
    expect(classify(new DOMException("left", "AbortError"))).toBe("refused");
  });

  it("is tried again when it is a race or a limit, twice at most, and never an outage", () => {
    expect(shouldRetry(0, { status: 401, code: "refresh_race" })).toBe(true);
    expect(shouldRetry(1, { status: 429 })).toBe(true);
    expect(shouldRetry(2, { status: 429 })).toBe(false);
    expect(shouldRetry(0, { status: 503 })).toBe(false);
    expect(shouldRetry(0, { status: 404 })).toBe(false);
  });

  it("waits as long as Retry-After says", () => {
    expect(retryDelay(0, { status: 429, retryAfter: 17 })).toBe(17_000);
    expect(retryDelay(0, { status: 401 })).toBe(500);
    expect(retryDelay(9, { status: 401 })).toBe(8_000);
  });

  it("is told with what to do and the request's id, in the problem's own words where it has any", () => {
    expect(explain({ status: 500, code: "internal", requestId: "r1" })).toMatchObject({ requestId: "r1" });
    expect(explain({ status: 403, code: "tier_limit", detail: "20 of 20 accounts" }).advice).toBe("20 of 20 accounts");
    expect(explain({ status: 429, code: "rate_limited", retryAfter: 9 }).advice).toBe("Try again in 9 s.");
    expect(explain("what")).toMatchObject({ title: "Trackbot does not answer" });
    expect(explain({ status: 418 }).title).toBe("Something went wrong");
  });
});
