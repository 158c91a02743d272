import type { NextRequest } from "next/server";
import { endedCookie, readSession, refreshSession, sessionCookie, sessionCookieOf } from "@/lib/auth";
import { leadTo } from "@/lib/redirect";
import { loginPath, safeReturnTo } from "@/lib/return-to";
import { apiAddress, callerHeaders } from "@/lib/upstream";

/**
 * Where a page goes whose session the API has refused, because a page cannot change cookies. A session that is alive
 * leads back; one that is not leads to the login page. It ends nothing that is alive, so a link to it does no harm.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const returnTo = safeReturnTo(request.nextUrl.searchParams.get("returnTo"));
  const session = await readSession(request.cookies.get(sessionCookie)?.value);
  if (session === undefined) {
    return leadTo(loginPath(returnTo), endedCookie);
  }
  if (await accepts(session.accessToken, request.headers)) {
    return leadTo(returnTo);
  }
  const next = await refreshSession(session, request.headers);
  if (next === "kept") {
    return leadTo(returnTo);
  }
  if (next === "ended" || !(await accepts(next.accessToken, request.headers))) {
    return leadTo(loginPath(returnTo), endedCookie);
  }
  return leadTo(returnTo, await sessionCookieOf(next));
}

/** Whether the API lets the token in. One that cannot be asked has not refused. */
async function accepts(accessToken: string, from: Headers): Promise<boolean> {
  const headers = { ...callerHeaders(from), authorization: `Bearer ${accessToken}` };
  const answer = await fetch(apiAddress("/auth/me"), {
    headers,
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  return answer?.status !== 401;
}
