import "server-only";
import type { components } from "@/lib/schema";
import type { Sealer } from "@/lib/session/seal";
import { claimsOf, type PackedToken, packToken, unpackToken } from "@/lib/session/token";

export type TokenPair = components["schemas"]["TokenPair"];

/** A signed-in person, as the session cookie holds it. Never leaves the server but sealed. */
export type Session = {
  user: { id: string; username: string };
  id: string;
  accessToken: string;
  /** Milliseconds since 1970, by this server's clock. */
  accessExpiresAt: number;
  /** How long the access token lived when it was made, in milliseconds. */
  accessLife: number;
  refreshToken: string;
  refreshExpiresAt: number;
};

/** The session of tokens that the API has just given; undefined when they are not of a form that it gives. */
export function sessionOf(pair: TokenPair, now: number): Session | undefined {
  const claims = claimsOf(pair.accessToken);
  const refreshExpiresAt = Date.parse(pair.refreshExpiresAt);
  if (claims === undefined || Number.isNaN(refreshExpiresAt)) {
    return undefined;
  }
  return {
    user: { id: claims.sub, username: claims.username },
    id: claims.sid,
    accessToken: pair.accessToken,
    accessExpiresAt: now + pair.expiresIn * 1000,
    accessLife: pair.expiresIn * 1000,
    refreshToken: pair.refreshToken,
    refreshExpiresAt,
  };
}

/** Whether the access token is over, or will be before a request has done its work. */
export function isStale(session: Session, now: number): boolean {
  return now >= session.accessExpiresAt - Math.min(30_000, session.accessLife / 5);
}

const purpose = "tb-session";

type Stored = { v: 1; a: PackedToken; e: number; l: number; r: string; x: number };

export async function sealSession(sealer: Sealer, session: Session): Promise<string> {
  const stored: Stored = {
    v: 1,
    a: packToken(session.accessToken),
    e: session.accessExpiresAt,
    l: session.accessLife,
    r: session.refreshToken,
    x: session.refreshExpiresAt,
  };
  return sealer.seal(purpose, Buffer.from(JSON.stringify(stored)));
}

/** The session of a cookie; undefined when it was not sealed here or is over. */
export async function openSession(sealer: Sealer, sealed: string, now: number): Promise<Session | undefined> {
  const content = await sealer.open(purpose, sealed);
  if (content === undefined) {
    return undefined;
  }
  const stored = JSON.parse(Buffer.from(content).toString()) as Stored; // sealed by sealSession alone
  if (stored.v !== 1 || stored.x <= now) {
    return undefined;
  }
  const accessToken = unpackToken(stored.a);
  const claims = claimsOf(accessToken);
  if (claims === undefined) {
    return undefined;
  }
  return {
    user: { id: claims.sub, username: claims.username },
    id: claims.sid,
    accessToken,
    accessExpiresAt: stored.e,
    accessLife: stored.l,
    refreshToken: stored.r,
    refreshExpiresAt: stored.x,
  };
}
