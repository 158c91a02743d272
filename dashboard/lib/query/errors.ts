import type { components } from "@/lib/schema";

type Code = components["schemas"]["ProblemCode"];

/** What the data layer reads of an error. The API clients' ApiError has all of it; a failed fetch has none. */
export interface ErrorLike {
  status?: number;
  code?: Code | string;
  detail?: string;
  title?: string;
  requestId?: string;
  /** Seconds. */
  retryAfter?: number;
  errors?: readonly { field: string; message: string }[];
}

/**
 * - outage: nobody answered, or what answered could not reach what it needs: show what was last seen and try again
 * - session: there is none any more: to the login page
 * - race: another call rotated the token: the same call again works
 * - limited: too many calls: wait as told
 * - refused: the answer is no, and asking again gives the same
 */
export type Kind = "outage" | "session" | "race" | "limited" | "refused";

const SESSION_ENDED: ReadonlySet<string> = new Set(["unauthenticated", "session_revoked"]);

/** The fields of an error, whatever was thrown. */
export function fields(error: unknown): ErrorLike {
  return typeof error === "object" && error !== null ? (error as ErrorLike) : {};
}

export function classify(error: unknown): Kind {
  const { status, code } = fields(error);
  if (status === undefined || status === 0) return isAbort(error) ? "refused" : "outage";
  if (status === 401) return code === undefined || SESSION_ENDED.has(code) ? "session" : "race";
  if (status === 429) return "limited";
  if (status === 501 || code === "permission_check_unavailable") return "refused";
  return status >= 500 ? "outage" : "refused";
}

function isAbort(error: unknown): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";
}

const MAX_TRIES = 2;

/** Whether a query is tried again at once. An outage is not: the connection watches for its end and refetches then. */
export function shouldRetry(failures: number, error: unknown): boolean {
  const kind = classify(error);
  return failures < MAX_TRIES && (kind === "race" || kind === "limited");
}

/** Milliseconds until the next try: what Retry-After says, else doubling from half a second. */
export function retryDelay(failures: number, error: unknown): number {
  const { retryAfter } = fields(error);
  if (retryAfter !== undefined && retryAfter > 0) return retryAfter * 1000;
  return Math.min(500 * 2 ** failures, 8_000);
}
