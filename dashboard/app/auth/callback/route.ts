import type { NextRequest } from "next/server";
import { cookieOptions, newSession, sealer, sessionCookieOf } from "@/lib/auth";
import { leadTo } from "@/lib/redirect";
import { loginPath } from "@/lib/return-to";
import { type Flow, flowCookieName, openFlow } from "@/lib/session/flow";
import { exchangeCode } from "@/lib/upstream";

/** Where the API sends a browser that comes from Discord: swaps the login code for a session. */
export async function GET(request: NextRequest): Promise<Response> {
  const query = request.nextUrl.searchParams;
  const state = query.get("state") ?? "";
  const name = flowCookieName(state);
  const sealed = request.cookies.get(name)?.value;
  const flow = sealed === undefined ? undefined : await openFlow(sealer(), sealed, state, Date.now());
  const done = { ...cookieOptions, name, value: "", maxAge: 0 };
  if (flow === undefined) {
    return leadTo(loginPath("/", "invalid_state"), done);
  }
  const session = await signIn(query.get("code") ?? "", flow, request.headers);
  if (typeof session === "string") {
    return leadTo(loginPath(flow.returnTo, session), done);
  }
  return leadTo(flow.returnTo, done, await sessionCookieOf(session));
}

async function signIn(code: string, flow: Flow, from: Headers) {
  try {
    const pair = await exchangeCode(code, flow.verifier, from);
    if (pair === "refused") {
      return "expired";
    }
    return pair === "limited" ? "rate_limited" : (newSession(pair) ?? "internal");
  } catch (error) {
    console.error("sign-in failed:", error instanceof Error ? error.message : "unknown");
    return "internal";
  }
}
