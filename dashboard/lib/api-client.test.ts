import { describe, expect, it } from "vitest";
import { answerBy } from "@/test/network";
import { addressOf, api, isApiError } from "./api-client";

const guildId = "400000000000000001";

describe("a call of a page", () => {
  it("fills in the contract's path and leaves out what is not set", () => {
    const params = { path: { guildId: "a/b" }, query: { limit: 100, q: "ö&", cursor: undefined } };
    expect(addressOf("/guilds/{guildId}/posts", { params })).toBe("/api/v1/guilds/a%2Fb/posts?limit=100&q=%C3%B6%26");
    const list = { query: { state: ["failing", "gone"] } };
    expect(addressOf("/accounts", { params: list })).toBe("/api/v1/accounts?state=failing%2Cgone");
    expect(addressOf("/auth/me")).toBe("/api/v1/auth/me");
  });

  it("sends JSON unless it says otherwise, and the headers that the contract names", async () => {
    const seen: [string, string | null, string | null, string][] = [];
    answerBy(async (request) => {
      const { method, headers } = request;
      seen.push([method, headers.get("content-type"), headers.get("if-match"), await request.text()]);
      return Response.json({});
    });
    await api.POST("/guilds/{guildId}/brands", { params: { path: { guildId } }, body: { name: "Coffee" } });
    await api.POST("/guilds/{guildId}/accounts/import", {
      params: { path: { guildId }, query: { groupId: "g" } },
      headers: { "content-type": "text/csv" },
      body: "platform,handle",
      bodySerializer: (body) => body,
    });
    await api.PUT("/guilds/{guildId}/settings", {
      params: { path: { guildId }, header: { "If-Match": 'W/"1"' } },
      body: {} as never,
    });
    expect(seen).toEqual([
      ["POST", "application/json", null, '{"name":"Coffee"}'],
      ["POST", "text/csv", null, "platform,handle"],
      ["PUT", "application/json", 'W/"1"', "{}"],
    ]);
  });

  it("has no data where the answer has none", async () => {
    answerBy(async () => new Response(null, { status: 204 }));
    const { data } = await api.DELETE("/guilds/{guildId}/brands/{brandId}", {
      params: { path: { guildId, brandId: "b" } },
    });
    expect(data).toBeUndefined();
  });

  it("fails with the API's problem, and with `unreachable` where nobody answers", async () => {
    answerBy(async () => Response.json({ code: "tier_limit", status: 403, requestId: "r" }, { status: 403 }));
    const refused = await api.GET("/auth/me").catch((error: unknown) => error);
    expect(isApiError(refused) && [refused.code, refused.requestId]).toEqual(["tier_limit", "r"]);
    answerBy(async () => {
      throw new TypeError("fetch failed");
    });
    const silent = await api.GET("/auth/me").catch((error: unknown) => error);
    expect(isApiError(silent) && silent.code).toBe("unreachable");
  });
});
