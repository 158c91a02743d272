import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import createClient, { type Client } from "openapi-fetch";
import { currentPath, getSession } from "@/lib/auth";
import { env } from "@/lib/env";
import { type ApiError, errorOf, unreachable } from "@/lib/problem";
import type { paths } from "@/lib/schema";
import { callerHeaders } from "@/lib/upstream";

/** How long a page waits for its data before it is sent without. */
const patience = 5_000;

/**
 * The API for server components, as the person who is signed in. A refusal is thrown as an ApiError, as in the browser.
 * One client is for one request.
 */
export async function apiServer(): Promise<Client<paths>> {
  const session = await getSession();
  const client = createClient<paths>({
    baseUrl: `${env().API_URL}/api/v1`,
    cache: "no-store",
    querySerializer: { array: { style: "form", explode: false } }, // lists as the contract has them, by comma
    headers: {
      ...callerHeaders(await headers()),
      ...(session === undefined ? {} : { authorization: `Bearer ${session.accessToken}` }),
    },
    fetch: (request) => fetch(request, { redirect: "error", signal: AbortSignal.timeout(patience) }),
  });
  client.use({
    async onResponse({ response }) {
      if (!response.ok && response.status !== 304) {
        throw await errorOf(response);
      }
    },
    onError({ error }) {
      return unreachable(error);
    },
  });
  return client;
}

/** Leaves a page whose session the API refuses: it is looked at again, and ends at the login page or back here. */
export async function resumeSession(error: ApiError): Promise<void> {
  if (error.isSignedOut) {
    redirect(`/auth/resume?${new URLSearchParams({ returnTo: await currentPath() })}`);
  }
}
