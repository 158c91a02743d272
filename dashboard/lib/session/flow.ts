import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Sealer } from "@/lib/session/seal";

/** A sign-in that was begun in this browser (SECURITY: PKCE of RFC 7636 between dashboard and API). */
export type Flow = { state: string; verifier: string; returnTo: string; expiresAt: number };

export const flowSeconds = 600;
const purpose = "tb-flow";

export function beginFlow(returnTo: string, now: number): Flow {
  return {
    state: randomBytes(24).toString("base64url"),
    verifier: randomBytes(32).toString("base64url"),
    returnTo,
    expiresAt: now + flowSeconds * 1000,
  };
}

export function challengeOf(flow: Flow): string {
  return createHash("sha256").update(flow.verifier).digest("base64url");
}

/** One cookie a flow, so that sign-ins in two tabs do not disturb each other. */
export function flowCookieName(state: string): string {
  return `__Host-tb_flow_${createHash("sha256").update(state).digest("base64url").slice(0, 8)}`;
}

export function sealFlow(sealer: Sealer, flow: Flow): Promise<string> {
  return sealer.seal(purpose, Buffer.from(JSON.stringify(flow)));
}

/** The flow of a cookie if it belongs to the state and is not over. */
export async function openFlow(sealer: Sealer, sealed: string, state: string, now: number): Promise<Flow | undefined> {
  const content = await sealer.open(purpose, sealed);
  if (content === undefined) {
    return undefined;
  }
  const flow = JSON.parse(Buffer.from(content).toString()) as Flow; // sealed by sealFlow alone
  const [given, kept] = [Buffer.from(state), Buffer.from(flow.state)];
  const same = given.length === kept.length && timingSafeEqual(given, kept);
  return same && now < flow.expiresAt ? flow : undefined;
}
