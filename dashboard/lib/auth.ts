import "server-only";
import type { Route } from "next";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { env } from "@/lib/env";
import { loginPath, safeReturnTo } from "@/lib/return-to";
import { Refresher } from "@/lib/session/refresh";
import { Sealer } from "@/lib/session/seal";
import { openSession, type Session, sealSession, sessionOf, type TokenPair } from "@/lib/session/session";
import { callRefresh } from "@/lib/upstream";

// The one place that configures sessions. The cookie holds both tokens, sealed; no script can read it, and no token
// ever stands in a page, an answer or an address.

export type { Session } from "@/lib/session/session";

export const sessionCookie = "__Host-tb_session";
/** Tells server components the path they render: they have no other way to know it. */
export const pathHeader = "x-trackbot-path";

/** Browsers take Secure cookies from http://127.0.0.1 and http://localhost too. */
export const cookieOptions = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

let keys: Sealer | undefined;

export function sealer(): Sealer {
  keys ??= new Sealer(env().SESSION_KEYS);
  return keys;
}

// The proxy and the routes are bundles of their own within one process: what they share hangs on globalThis.
const shareKey = Symbol.for("trackbot.dashboard.refresher");
const shared = globalThis as typeof globalThis & { [shareKey]?: Refresher };

/**
 * Gives a session its next tokens. `kept`: they could not be had, or another call is just having them; what is there
 * stays. `ended`: the cookie has to go.
 */
export async function refreshSession(session: Session, from: Headers): Promise<Session | "ended" | "kept"> {
  shared[shareKey] ??= new Refresher();
  const result = await shared[shareKey].refresh(session.refreshToken, (token, key) => callRefresh(token, key, from));
  switch (result.kind) {
    case "rotated":
      return sessionOf(result.pair, result.at) ?? "kept";
    case "ended":
      return "ended";
    default:
      return "kept";
  }
}

/** The session of a cookie's value. */
export async function readSession(cookie: string | undefined): Promise<Session | undefined> {
  return cookie === undefined ? undefined : openSession(sealer(), cookie, Date.now());
}

/** The cookie that keeps a session, as the cookie stores of Next take it. */
export async function sessionCookieOf(session: Session) {
  const value = await sealSession(sealer(), session);
  const maxAge = Math.max(0, Math.floor((session.refreshExpiresAt - Date.now()) / 1000));
  return { name: sessionCookie, value, maxAge, ...cookieOptions };
}

/** The cookie that takes a session away. */
export const endedCookie = { name: sessionCookie, value: "", maxAge: 0, ...cookieOptions };

/** The session of the tokens of a sign-in. */
export function newSession(pair: TokenPair): Session | undefined {
  return sessionOf(pair, Date.now());
}

/** Who is signed in, for server components; the proxy has refreshed the tokens before. */
export async function getSession(): Promise<Session | undefined> {
  return readSession((await cookies()).get(sessionCookie)?.value);
}

/** The path that is being rendered, with its query. */
export async function currentPath(): Promise<string> {
  return safeReturnTo((await headers()).get(pathHeader));
}

/** Who is signed in; whoever is not goes to the login page and comes back. */
export async function requireSession(): Promise<Session> {
  return (await getSession()) ?? redirect(loginPath(await currentPath()) as Route);
}

/** What was rendered at build time and may be cached for all. No nonce can stand in it, and nothing of a visitor does. */
export function isStatic(pathname: string): boolean {
  return /^\/(terms|privacy)\/?$/.test(pathname);
}

/** What is there for people who are not signed in: their calls find out for themselves whether they need to be. */
export function isPublic(pathname: string): boolean {
  return /^\/(login|terms|privacy|auth|api|shares)(\/|$)/.test(pathname);
}
