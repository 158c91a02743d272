import type { NextRequest } from "next/server";
import { cookieOptions, sealer } from "@/lib/auth";
import { env } from "@/lib/env";
import { leadTo } from "@/lib/redirect";
import { safeReturnTo } from "@/lib/return-to";
import { beginFlow, challengeOf, flowCookieName, flowSeconds, sealFlow } from "@/lib/session/flow";

/** Begins a sign-in: keeps state and verifier in this browser and sends it to the API, which sends it to Discord. */
export async function GET(request: NextRequest): Promise<Response> {
  const flow = beginFlow(safeReturnTo(request.nextUrl.searchParams.get("returnTo")), Date.now());
  const query = new URLSearchParams({ challenge: challengeOf(flow), state: flow.state, returnTo: flow.returnTo });
  return leadTo(`${env().API_PUBLIC_URL}/api/v1/auth/discord?${query}`, {
    ...cookieOptions,
    name: flowCookieName(flow.state),
    value: await sealFlow(sealer(), flow),
    maxAge: flowSeconds,
  });
}
