// @vitest-environment node
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";

// A server in the place of the API, and the route as Next calls it.
type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const origin = "https://dashboard.example";
let api: Server;
let seen: Seen[] = [];
let answer: Answer;
let bff: typeof import("@/lib/bff");
let auth: typeof import("@/lib/auth");

const token = (n: number) =>
  ["{}", JSON.stringify({ sub: "300000000000000001", username: "mara", sid: "s", n })]
    .map((part) => Buffer.from(part).toString("base64url"))
    .concat("sig")
    .join(".");

const pair = (n: number) => ({
  accessToken: token(n),
  tokenType: "Bearer" as const,
  expiresIn: 900,
  refreshToken: `refresh-${randomBytes(8).toString("hex")}-${n}`,
  refreshExpiresAt: "2099-01-01T00:00:00.000Z",
});

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

beforeAll(async () => {
  api = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("API_URL", `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  vi.stubEnv("DASHBOARD_URL", origin);
  vi.stubEnv("SESSION_KEYS", randomBytes(32).toString("base64"));
  bff = await import("@/lib/bff");
  auth = await import("@/lib/auth");
  auth.sealer(); // reads the environment, which is put back after each test
});

afterEach(() => {
  seen = [];
});

afterAll(() => {
  api.closeAllConnections();
  api.close();
});

async function signedIn(n = 1): Promise<string> {
  const session = auth.newSession(pair(n));
  if (session === undefined) {
    throw new Error("the pair is whole");
  }
  const { name, value } = await auth.sessionCookieOf(session);
  return `theme=dark; ${name}=${value}`;
}

async function call(path: string, init: RequestInit & { cookie?: string } = {}) {
  const headers = new Headers(init.headers);
  headers.set("cookie", init.cookie ?? (await signedIn()));
  return bff.passOn(new Request(`${origin}/api/v1${path}`, { ...init, headers }));
}

test("passes a read on with the bearer and the browser's address, and the answer back", async () => {
  answer = (_, response) =>
    json(
      response,
      200,
      { ok: true },
      { etag: 'W/"a"', "x-request-id": "request-1", "set-cookie": "x=y", "x-internal": "z" },
    );
  const response = await call("/guilds/1/posts?kind=video&cursor=a%2Fb", {
    headers: {
      "if-none-match": 'W/"b"',
      "user-agent": "Browser/1",
      "x-forwarded-for": "203.0.113.9",
      "x-evil": "1",
      "x-trackbot-key-id": "k",
    },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ ok: true });
  expect(response.headers.get("etag")).toBe('W/"a"');
  expect(response.headers.get("x-request-id")).toBe("request-1");
  expect(response.headers.get("set-cookie")).toBeNull();
  expect(response.headers.get("x-internal")).toBeNull();
  const [at] = seen;
  expect(at?.url).toBe("/api/v1/guilds/1/posts?kind=video&cursor=a%2Fb");
  expect(at?.headers).toMatchObject({
    authorization: `Bearer ${token(1)}`,
    "x-forwarded-for": "203.0.113.9",
    "user-agent": "Browser/1",
    "if-none-match": 'W/"b"',
  });
  for (const name of ["cookie", "x-evil", "x-trackbot-key-id"]) {
    expect(at?.headers[name]).toBeUndefined();
  }
});

test("a 304 stays a 304 without a body", async () => {
  answer = (_, response) => response.writeHead(304, { etag: 'W/"a"' }).end();
  const response = await call("/guilds");
  expect([response.status, await response.text()]).toEqual([304, ""]);
});

test.each([
  "/auth/refresh",
  "/auth/exchange",
  "/auth/logout",
  "/auth/discord",
  "/bot/health",
  "/webhooks/stripe",
  "/healthz",
  "/guilds/../auth/refresh",
  "/guilds/%2e%2e/auth/refresh",
  "/guilds//x",
  "/guilds/a%2Fb",
  "/guilds/a%5Cb",
  "/GUILDS",
])("%s is not there for pages", async (path) => {
  answer = (_, response) => json(response, 200, {});
  const response = await call(path, { method: "POST", headers: { "sec-fetch-site": "same-origin" } });
  expect([404, 405]).toContain(response.status);
  expect((await response.json()).code).toBe("not_found");
  expect(seen).toEqual([]);
});

test("a write of another origin does not reach the API", async () => {
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }, {}] as Record<
    string,
    string
  >[]) {
    const response = await call("/guilds/1/brands", { method: "POST", body: "{}", headers });
    expect(response.status).toBe(403);
    expect((await response.json()).code).toBe("forbidden");
  }
  expect(seen).toEqual([]);
});

test("a write of this origin passes with its body and headers, and a problem document comes back whole", async () => {
  const problem = { type: "/api/v1/docs#conflict", title: "Conflict", status: 409, code: "conflict", requestId: "r" };
  answer = (_, response) =>
    json(response, 409, problem, { "content-type": "application/problem+json", "retry-after": "3" });
  const response = await call("/guilds/1/brands", {
    method: "POST",
    body: '{"name":"Ä"}',
    headers: {
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
      "idempotency-key": "k1",
      "if-match": '"v1"',
    },
  });
  expect(response.status).toBe(409);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("retry-after")).toBe("3");
  expect(await response.json()).toEqual(problem);
  expect(seen[0]).toMatchObject({ method: "POST", body: '{"name":"Ä"}' });
  expect(seen[0]?.headers).toMatchObject({
    "content-type": "application/json",
    "idempotency-key": "k1",
    "if-match": '"v1"',
  });
});

test("a body over 1 MiB is refused here", async () => {
  const response = await call("/guilds/1/accounts/import", {
    method: "POST",
    body: "x".repeat((1 << 20) + 1),
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect([response.status, seen]).toEqual([413, []]);
});

test("without a session it is 401, but for what is public", async () => {
  answer = (_, response) => json(response, 200, {});
  const refused = await call("/guilds", { cookie: "theme=dark; __Host-tb_session=forged" });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ code: "unauthenticated" });
  expect((await call("/shares/abc", { cookie: "" })).status).toBe(200);
  expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([["/api/v1/shares/abc", undefined]]);
});

test("an API that does not answer is a 503 that says so", async () => {
  answer = (request) => request.socket.destroy();
  const response = await call("/guilds");
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  expect(await response.json()).toMatchObject({ code: "unavailable", status: 503 });
  expect(response.headers.get("set-cookie")).toBeNull();
});

test("a token that the API no longer takes is refreshed once and the call repeated", async () => {
  const next = pair(2);
  answer = (request, response) => {
    if (request.url === "/api/v1/auth/refresh") {
      return json(response, 200, next);
    }
    return request.headers.authorization === `Bearer ${token(2)}`
      ? json(response, 200, { n: 2 })
      : json(response, 401, { code: "token_expired" });
  };
  const response = await call("/guilds/1/brands", {
    method: "POST",
    body: '{"a":1}',
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(await response.json()).toEqual({ n: 2 });
  const cookie = response.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^__Host-tb_session=[\w.-]+; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/);
  expect(seen.map(({ url, body }) => [url, body.startsWith('{"a"')])).toEqual([
    ["/api/v1/guilds/1/brands", true],
    ["/api/v1/auth/refresh", false],
    ["/api/v1/guilds/1/brands", true],
  ]);
  for (const secret of [next.accessToken, next.refreshToken]) {
    expect(cookie).not.toContain(secret);
  }
});

test("a session that was ended elsewhere loses its cookie and the refusal comes through", async () => {
  const problem = { code: "session_revoked", status: 401, title: "t", type: "x", requestId: "r" };
  answer = (_, response) => json(response, 401, problem, { "content-type": "application/problem+json" });
  const response = await call("/guilds");
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual(problem);
  expect(response.headers.get("set-cookie")).toMatch(/^__Host-tb_session=; Path=\/; Max-Age=0;/);
});

test.each([
  ["another tab won", 401, "refresh_race"],
  ["the API failed", 500, "internal"],
])("a refresh that %s keeps the cookie and asks to try again", async (_, status, code) => {
  answer = (request, response) =>
    request.url?.endsWith("/refresh")
      ? json(response, status, { code })
      : json(response, 401, { code: "token_expired" });
  const response = await call("/guilds");
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: "refresh_race" });
  expect(response.headers.get("set-cookie")).toBeNull();
});

test("events pass as they come, and leaving ends them at the API", async () => {
  let gone = false;
  answer = (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("event: status\ndata: 1\n\n");
    request.socket.on("close", () => {
      gone = true;
    });
  };
  const leave = new AbortController();
  const response = await call("/guilds/1/status/stream", { signal: leave.signal, headers: { "last-event-id": "7" } });
  expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("event: status\ndata: 1\n\n");
  expect(seen[0]?.headers["last-event-id"]).toBe("7");
  leave.abort();
  await vi.waitFor(() => expect(gone).toBe(true));
});

test("a file passes with its length, range and name", async () => {
  answer = (_, response) => {
    const headers = {
      "content-type": "text/csv",
      "content-range": "bytes 0-3/9",
      "content-length": "4",
      "content-disposition": 'attachment; filename="a.csv"',
    };
    response.writeHead(206, headers).end("a,b\n");
  };
  const response = await call("/guilds/1/exports/2/download", { headers: { range: "bytes=0-3", "if-range": '"e"' } });
  expect(response.status).toBe(206);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-range": "bytes 0-3/9",
    "content-length": "4",
    "content-disposition": 'attachment; filename="a.csv"',
  });
  expect(await response.text()).toBe("a,b\n");
  expect(seen[0]?.headers).toMatchObject({ range: "bytes=0-3", "if-range": '"e"' });
});
