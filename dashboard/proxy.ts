import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import {
  endedCookie,
  isPublic,
  isStatic,
  pathHeader,
  readSession,
  refreshSession,
  sessionCookie,
  sessionCookieOf,
} from "@/lib/auth";
import { contentSecurityPolicy } from "@/lib/csp";
import { env } from "@/lib/env";
import { loginPath, safeReturnTo } from "@/lib/return-to";
import { isStale, type Session } from "@/lib/session/session";

export const config = {
  matcher: ["/((?!_next/static|_next/image|favicon\\.ico|fonts/|icon|apple-icon|robots\\.txt|manifest).*)"],
};

type Renewed = {
  session: Session | undefined;
  cookie?: Awaited<ReturnType<typeof sessionCookieOf>> | typeof endedCookie;
};

/** The session of a request, with fresh tokens where they can be had. */
async function renew(request: NextRequest): Promise<Renewed> {
  const sealed = request.cookies.get(sessionCookie)?.value;
  const session = await readSession(sealed);
  if (session === undefined) {
    return sealed === undefined ? { session } : { session, cookie: endedCookie };
  }
  if (!isStale(session, Date.now())) {
    return { session };
  }
  const next = await refreshSession(session, request.headers);
  switch (next) {
    case "kept":
      return { session };
    case "ended":
      return { session: undefined, cookie: endedCookie };
    default:
      return { session: next, cookie: await sessionCookieOf(next) };
  }
}

/** Before everything else: fresh tokens for what reads the cookie, the way to the login page, the policy of the page. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname, search } = request.nextUrl;
  const { session, cookie } = await renew(request);
  if (session === undefined && !isPublic(pathname)) {
    const away = NextResponse.redirect(new URL(loginPath(pathname + search), env().DASHBOARD_URL), 303);
    away.headers.set("cache-control", "no-store");
    return withCookie(away, cookie);
  }
  if (session !== undefined && pathname === "/login" && !request.nextUrl.searchParams.has("error")) {
    const target = safeReturnTo(request.nextUrl.searchParams.get("returnTo"));
    return withCookie(NextResponse.redirect(new URL(target, env().DASHBOARD_URL), 303), cookie);
  }
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy({
    nonce: isStatic(pathname) ? undefined : nonce,
    imageOrigins: env().IMAGE_ORIGINS,
    secure: env().secure,
    development: process.env.NODE_ENV === "development",
  });
  if (cookie !== undefined) {
    request.cookies.set(cookie.name, cookie.value); // for the components and routes of this very request
  }
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set(pathHeader, pathname + search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set(
    "content-security-policy",
    pathname.startsWith("/api/") ? "default-src 'none'; sandbox" : policy,
  );
  return withCookie(response, cookie);
}

function withCookie(response: NextResponse, cookie: Renewed["cookie"]): NextResponse {
  if (cookie !== undefined) {
    response.cookies.set(cookie);
  }
  return response;
}
