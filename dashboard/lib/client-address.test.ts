// @vitest-environment node
import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const first = "0f9c3b7a1e5d48620f9c3b7a1e5d4862";
const second = "7a1e5d48620f9c3b7a1e5d48620f9c3b";
const at = () => 1763900000_000;
// What the API's own test takes for the same secret, time and address.
const example = "v1;1763900000;203.0.113.9;f-YlIeLJAaSEmrRd5OJb2qgZg7vLo7_DtrBks2XcVzA";

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("API_URL", "http://127.0.0.1:9");
  vi.stubEnv("DASHBOARD_URL", "https://dashboard.example");
  vi.stubEnv("SESSION_KEYS", randomBytes(32).toString("base64"));
  vi.stubEnv("CLIENT_ADDRESS_SECRET", `${first},${second}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The module as a server with this environment loads it. */
async function served(env: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(env)) {
    vi.stubEnv(name, value);
  }
  return import("@/lib/client-address");
}

test("vouches for the last hop with the first secret, as the API reads it", async () => {
  const { vouchedClient } = await served();
  const from = new Headers({ "x-forwarded-for": "198.51.100.1, 203.0.113.9" });
  expect(vouchedClient(from, at)).toBe(example);
  expect(vouchedClient(from, at)).not.toContain(first);
  const swapped = await served({ CLIENT_ADDRESS_SECRET: `${second},${first}` });
  expect(swapped.vouchedClient(from, at)).toBe(example); // read once a process
  vi.resetModules();
  const restarted = await served({ CLIENT_ADDRESS_SECRET: `${second},${first}` });
  expect(restarted.vouchedClient(from, at)).not.toBe(example);
});

test("takes the platform's header where it is named, whatever the browser claims elsewhere", async () => {
  const { clientAddress } = await served({ CLIENT_ADDRESS_HEADER: "CF-Connecting-IP" });
  const claims = { "x-forwarded-for": "198.51.100.1", "x-real-ip": "198.51.100.2" };
  expect(clientAddress(new Headers({ ...claims, "cf-connecting-ip": "203.0.113.9" }))).toBe("203.0.113.9");
  expect(clientAddress(new Headers(claims))).toBeUndefined();
});

test.each([
  ["203.0.113.9:5555", "203.0.113.9"],
  ["[2001:db8::9]:443", "2001:db8::9"],
  ["2001:db8::9", "2001:db8::9"],
  ["::ffff:203.0.113.9", "::ffff:203.0.113.9"],
  ["198.51.100.1,203.0.113.9 ", "203.0.113.9"],
  ["unknown", undefined],
  ["203.0.113.9, unknown", undefined],
  ["203.0.113.9;v1", undefined],
  ["", undefined],
])("reads %j", async (value, want) => {
  const { clientAddress, vouchedClient } = await served();
  const from = new Headers({ "x-forwarded-for": value });
  expect(clientAddress(from)).toBe(want);
  expect(vouchedClient(from) === undefined).toBe(want === undefined);
});

test("without a secret it vouches for nothing", async () => {
  const { vouchedClient } = await served({ CLIENT_ADDRESS_SECRET: "" });
  expect(vouchedClient(new Headers({ "x-forwarded-for": "203.0.113.9" }))).toBeUndefined();
});

// What the API and whoever is not the API get of a call.
test("the API alone is told, and a browser cannot say it itself", async () => {
  const seen: { server: string; headers: IncomingHttpHeaders }[] = [];
  const serve = (server: string, answer: (headers: Record<string, string>) => number) =>
    new Promise<Server>((resolve) => {
      const made = createServer((request, response) => {
        seen.push({ server, headers: request.headers });
        const headers: Record<string, string> = {};
        response.writeHead(answer(headers), headers).end("{}");
      });
      made.listen(0, "127.0.0.1", () => resolve(made));
    });
  const rootOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const elsewhere = await serve("elsewhere", () => 200);
  const api = await serve("api", (headers) => {
    headers.location = `${rootOf(elsewhere)}/`;
    return 307;
  });
  try {
    await served({ API_URL: rootOf(api) });
    const { passOn } = await import("@/lib/bff");
    const { callLogout } = await import("@/lib/upstream");
    const headers = { "x-forwarded-for": "203.0.113.9", "x-trackbot-client": "v1;1;198.51.100.1;AAAA" };
    const answer = await passOn(new Request("https://dashboard.example/api/v1/shares/abc", { headers }));
    await expect(callLogout("token", false, new Headers(headers))).rejects.toThrow();
    expect(seen.map(({ server }) => server)).toEqual(["api", "api"]);
    for (const { headers: told } of seen) {
      expect(told["x-trackbot-client"]).toMatch(/^v1;\d+;203\.0\.113\.9;[\w-]{43}$/);
      expect(JSON.stringify(told)).not.toContain(first);
    }
    expect(answer.headers.get("x-trackbot-client")).toBeNull();
  } finally {
    for (const server of [api, elsewhere]) {
      server.closeAllConnections();
      server.close();
    }
  }
});
