import "server-only";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { apiServer, resumeSession } from "@/lib/api-server";
import { type ApiError, isApiError } from "@/lib/problem";
import { Hydrated } from "./hydrated";
import { prefetch, type ServerQuery } from "./prefetch";

interface PrefetchedProps {
  queries: readonly ServerQuery[];
  children: ReactNode;
}

type Get = (path: string, init: object) => Promise<{ data?: unknown }>;

/**
 * Fetches on the server, as the signed-in user, what the page below asks for. An API that fails or is slow costs at
 * most 2 s and never the page: the browser then shows what it has stored. What does not exist is a "not found" page.
 *
 * This is for pages that are loaded. To one that a link leads to the browser brings what it knows and asks for the rest:
 * fetched here, it would cost the person's calls of the minute for what is on screen already.
 */
export async function Prefetched({ queries, children }: PrefetchedProps) {
  const byLink = (await headers()).get("sec-fetch-dest") === "empty"; // a fetch of a script, not a document
  const client = await apiServer();
  const get = client.GET as unknown as Get;
  let signedOut: ApiError | undefined;
  let missing = false;
  const state = await prefetch(byLink ? [] : queries, async ([, path, init]) => {
    try {
      const { data } = await get(String(path), typeof init === "object" && init !== null ? init : {});
      return data ?? null;
    } catch (error) {
      if (isApiError(error) && error.isSignedOut) signedOut = error;
      if (isApiError(error) && error.code === "not_found") missing = true;
      throw error;
    }
  });
  if (signedOut) await resumeSession(signedOut);
  if (missing) notFound();
  return <Hydrated state={state}>{children}</Hydrated>;
}
