import type { NextRequest } from "next/server";
import { endedCookie, readSession, sessionCookie } from "@/lib/auth";
import { env } from "@/lib/env";
import { mayAct } from "@/lib/same-origin";
import { serializeCookie } from "@/lib/set-cookie";
import { callLogout } from "@/lib/upstream";

/**
 * Signs out: this browser, or with ?all=true every session of the user. The cookie goes in any case, and with it the
 * only copy of the tokens; when the API could not be told, 202 says so.
 */
export async function POST(request: NextRequest): Promise<Response> {
  if (!mayAct(request.method, request.headers, env().DASHBOARD_URL)) {
    return new Response(null, { status: 403 });
  }
  const all = request.nextUrl.searchParams.get("all") === "true";
  const session = await readSession(request.cookies.get(sessionCookie)?.value);
  let status = 204;
  if (session !== undefined) {
    await callLogout(session.refreshToken, all, request.headers).catch(() => {
      status = 202;
    });
  }
  return new Response(null, {
    status,
    headers: { "cache-control": "no-store", "set-cookie": serializeCookie(endedCookie) },
  });
}
