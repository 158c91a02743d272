import type { Client } from "openapi-fetch";
import { errorOf, unreachable } from "@/lib/problem";
import type { paths } from "@/lib/schema";
import { announceSession } from "@/lib/session-events";

export { ApiError, type ErrorCode, isApiError } from "@/lib/problem";

type Call = {
  params?: { path?: Record<string, string>; query?: Record<string, unknown>; header?: Record<string, string> };
  headers?: Record<string, string>;
  body?: unknown;
  bodySerializer?: (body: unknown) => string;
  signal?: AbortSignal;
};

/** The contract's path with its places filled in. A part of the query that is undefined is left out, a list has commas. */
export function addressOf(path: string, { params }: Call = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.path?.[name] ?? ""));
  const query = Object.entries(params?.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return `/api/v1${filled}${query.length > 0 ? `?${new URLSearchParams(query as [string, string][])}` : ""}`;
}

async function send(method: string, path: string, call: Call = {}) {
  const { params, headers, body, bodySerializer = JSON.stringify, signal } = call;
  const response = await fetch(addressOf(path, call), {
    method,
    credentials: "same-origin",
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...params?.header, ...headers },
    ...(body !== undefined && { body: bodySerializer(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw error instanceof DOMException && error.name === "AbortError" ? error : unreachable(error);
  });
  if (!response.ok) {
    const error = await errorOf(response);
    if (error.isSignedOut) announceSession("ended");
    throw error;
  }
  return { data: response.status === 204 ? undefined : await response.json(), response };
}

const as = (method: string) => (path: string, call?: Call) => send(method, path, call);

type Methods = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * The API as pages call it: same origin, the dashboard's server adds who is signed in. Failures throw an ApiError. Its
 * types are those of openapi-fetch; of that package's code pages would use little and load all.
 */
export const api = {
  ...{ GET: as("GET"), POST: as("POST"), PUT: as("PUT"), PATCH: as("PATCH"), DELETE: as("DELETE") },
} as unknown as Pick<Client<paths>, Methods>;
