import type { NextRequest } from "next/server";
import { loginError } from "@/features/login/errors";
import { loginPage } from "@/features/login/page";
import { safeReturnTo } from "@/lib/return-to";

/**
 * The login page, as HTML of its own: it needs no script, and a page of Next brings 130 kB of them. Whoever is signed
 * in does not come here: the proxy sends them on.
 */
export function GET(request: NextRequest): Response {
  const query = request.nextUrl.searchParams;
  const html = loginPage({
    problem: loginError(query.get("error") ?? undefined),
    returnTo: safeReturnTo(query.get("returnTo")),
    nonce: request.headers.get("x-nonce") ?? "",
  });
  return new Response(html, {
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "private, no-store" },
  });
}
