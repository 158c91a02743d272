import "server-only";
import { endedCookie, readSession, refreshSession, sessionCookie, sessionCookieOf } from "@/lib/auth";
import { env } from "@/lib/env";
import type { Problem } from "@/lib/problem";
import { mayAct } from "@/lib/same-origin";
import type { Session } from "@/lib/session/session";
import { serializeCookie } from "@/lib/set-cookie";
import { apiAddress, callerHeaders } from "@/lib/upstream";

// What pages of this dashboard may ask of the API, passed on with the session's bearer. The calls that hand out tokens
// or take them (/auth/exchange, /auth/refresh, /auth/logout, /auth/discord) are not among them.
const open = /^\/shares\/[^/]+$/;
const own = /^\/(auth\/me(\/(data|deletion))?|auth\/sessions(\/[^/]+)?|guilds(\/.+)?)$/;

const toApi = [
  "accept",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "if-range",
  "last-event-id",
  "range",
];
const toBrowser = [
  "accept-ranges",
  "allow",
  "cache-control",
  "content-disposition",
  "content-length",
  "content-range",
  "content-type",
  "etag",
  "last-modified",
  "location",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "x-request-id",
];

const maxBody = 1 << 20;
/** Until an answer begins; a stream may then go on for as long as it likes. */
const patience = 30_000;

type Code = Problem["code"];
const titles: Partial<Record<Code, string>> = {
  forbidden: "Forbidden",
  not_found: "Not found",
  payload_too_large: "Payload too large",
  refresh_race: "Refresh race",
  unauthenticated: "Not signed in",
  unavailable: "Service unavailable",
};

function refusal(request: Request, status: number, code: Code, detail: string): Response {
  const requestId = request.headers.get("x-request-id") ?? crypto.randomUUID();
  const problem: Problem = {
    type: `/api/v1/docs#${code}`,
    title: titles[code] ?? code,
    status,
    detail,
    code,
    requestId,
  };
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-request-id": requestId,
  });
  if (status === 503) {
    headers.set("retry-after", "5");
  }
  return Response.json(problem, { status, headers });
}

/** The path behind /api/v1, undefined when it could mean something else to the API than it does here. */
function pathOf(url: URL): string | undefined {
  const path = url.pathname.replace(/^\/api\/v1/, "");
  const plain = /^(\/[\w.~-]+)+$/.test(path) && !path.split("/").some((part) => part === "." || part === "..");
  return plain ? path : undefined;
}

function cookieOf(request: Request): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [name, ...value] = pair.split("=");
    if (name?.trim() === sessionCookie) {
      return value.join("=").trim();
    }
  }
  return undefined;
}

type Call = { url: string; method: string; headers: Headers; body: ArrayBuffer | null; signal: AbortSignal };

async function callOf(request: Request, path: string): Promise<Call | undefined> {
  const headers = new Headers(callerHeaders(request.headers));
  headers.set("accept-encoding", "identity");
  for (const name of toApi) {
    const value = request.headers.get(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  if (Number(request.headers.get("content-length") ?? 0) > maxBody) {
    return undefined;
  }
  const body = request.body === null ? null : await request.arrayBuffer();
  if (body !== null && body.byteLength > maxBody) {
    return undefined;
  }
  return {
    url: apiAddress(path) + new URL(request.url).search,
    method: request.method,
    headers,
    body,
    signal: request.signal,
  };
}

async function send(call: Call, session: Session | undefined): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patience);
  const headers = new Headers(call.headers);
  if (session !== undefined) {
    headers.set("authorization", `Bearer ${session.accessToken}`);
  }
  try {
    return await fetch(call.url, {
      method: call.method,
      headers,
      body: call.body,
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.any([call.signal, late.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

function answerOf(upstream: Response, cookie?: Parameters<typeof serializeCookie>[0]): Response {
  const headers = new Headers({ "x-accel-buffering": "no" });
  for (const name of toBrowser) {
    const value = upstream.headers.get(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  if (headers.get("content-type")?.startsWith("text/event-stream") || headers.has("content-disposition")) {
    // Next would compress it, which holds back events and forgets the length of a file.
    headers.set("cache-control", [headers.get("cache-control"), "no-transform"].filter(Boolean).join(", "));
  }
  if (cookie !== undefined) {
    headers.append("set-cookie", serializeCookie(cookie));
  }
  return new Response(upstream.body, { status: upstream.status, headers });
}

/** Passes a call of a page on to the API and the answer back, streams included. */
export async function passOn(request: Request): Promise<Response> {
  const path = pathOf(new URL(request.url));
  if (path === undefined || !(open.test(path) || own.test(path))) {
    return refusal(request, 404, "not_found", "There is no such call here.");
  }
  if (!mayAct(request.method, request.headers, env().DASHBOARD_URL)) {
    return refusal(request, 403, "forbidden", "A page of another origin may not do that.");
  }
  const session = await readSession(cookieOf(request));
  if (session === undefined && own.test(path)) {
    return refusal(request, 401, "unauthenticated", "Sign in to go on.");
  }
  const call = await callOf(request, path);
  if (call === undefined) {
    return refusal(request, 413, "payload_too_large", "The body may be 1 MiB at most.");
  }
  try {
    const answer = await send(call, session);
    return answer.status === 401 && session !== undefined
      ? await afterRefusal(request, call, answer, session)
      : answerOf(answer);
  } catch {
    return refusal(request, 503, "unavailable", "Trackbot's API does not answer. What you see may be out of date.");
  }
}

/** The API knows better than the cookie: new tokens and one more try, or the end of the session. */
async function afterRefusal(request: Request, call: Call, refused: Response, session: Session): Promise<Response> {
  const next = await refreshSession(session, request.headers);
  if (next === "ended") {
    return answerOf(refused, endedCookie);
  }
  await refused.body?.cancel();
  if (next === "kept") {
    return refusal(request, 401, "refresh_race", "The session is being renewed; try again in a moment.");
  }
  return answerOf(await send(call, next), await sessionCookieOf(next));
}
