import "server-only";
import { clientHeader, vouchedClient } from "@/lib/client-address";
import { env } from "@/lib/env";
import type { Refreshed } from "@/lib/session/refresh";
import type { TokenPair } from "@/lib/session/session";

/** The address of an API call. */
export function apiAddress(path: string): string {
  return `${env().API_URL}/api/v1${path}`;
}

/** What the API, and nobody else, learns of the browser behind a call: its limits and its list of sessions are about people. */
export function callerHeaders(from: Headers): Record<string, string> {
  const told: Record<string, string> = {};
  for (const name of ["x-forwarded-for", "user-agent", "x-request-id"]) {
    const value = from.get(name);
    if (value !== null && value !== "") {
      told[name] = value;
    }
  }
  const vouched = vouchedClient(from);
  if (vouched !== undefined) {
    told[clientHeader] = vouched;
  }
  return told;
}

const patience = 8_000;

function post(path: string, body: unknown, from: Headers, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(apiAddress(path), {
    method: "POST",
    headers: { ...callerHeaders(from), ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(patience),
  });
}

async function codeOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : "";
}

/** Swaps a login code for tokens; undefined when the API refuses it. */
export async function exchangeCode(
  code: string,
  verifier: string,
  from: Headers,
): Promise<TokenPair | "refused" | "limited"> {
  const response = await post("/auth/exchange", { code, verifier }, from);
  if (response.ok) {
    return (await response.json()) as TokenPair;
  }
  if (response.status === 429) {
    return "limited";
  }
  if (response.status < 500) {
    return "refused";
  }
  throw new Error(`exchange login code: the API answered ${response.status}`);
}

/** Rotates a refresh token. */
export async function callRefresh(refreshToken: string, idempotencyKey: string, from: Headers): Promise<Refreshed> {
  const response = await post("/auth/refresh", { refreshToken }, from, { "idempotency-key": idempotencyKey });
  if (response.ok) {
    return { kind: "rotated", pair: (await response.json()) as TokenPair, at: Date.now() };
  }
  if (response.status === 401) {
    return (await codeOf(response)) === "refresh_race" ? { kind: "race" } : { kind: "ended" };
  }
  // A token that is no token (400) will never be one; whatever else is wrong is not the session's fault.
  return response.status === 400 ? { kind: "ended" } : { kind: "unavailable" };
}

/** Ends the session, or all sessions of its user. */
export async function callLogout(refreshToken: string, all: boolean, from: Headers): Promise<void> {
  const response = await post("/auth/logout", all ? { refreshToken, all } : { refreshToken }, from);
  if (!response.ok) {
    throw new Error(`log out: the API answered ${response.status}`);
  }
}
