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

export interface Explanation {
  title: string;
  /** What to do. */
  advice: string;
  requestId?: string;
}

const WORDS: Partial<Record<Code, [title: string, advice: string]>> = {
  forbidden: ["You may look, not change", "Ask someone with Manage Server in Discord to do this."],
  not_found: ["Not found", "It was removed, or it is not yours to see."],
  tier_limit: ["Your plan's limit is reached", "Remove something you no longer need, or change the plan."],
  conflict: ["It does not fit what is there", "Someone may have changed it meanwhile. Look again and retry."],
  precondition_failed: ["Changed meanwhile", "Someone else saved first. Load it again, then make your change."],
  validation_failed: ["Something is not right with the input", "Correct the marked fields and try again."],
  not_implemented: ["Not available yet", "This part of Trackbot is not switched on here."],
  payload_too_large: ["Too large", "Send at most 1 MiB at a time."],
  permission_check_unavailable: ["Discord does not answer", "Your rights cannot be checked now. Try again shortly."],
  rate_limited: ["Too many requests", "Wait a moment, then try again."],
};

/** An error in words a person can act on. The problem's own detail is kept where it says more than its kind. */
export function explain(error: unknown): Explanation {
  const { code, detail, requestId, retryAfter } = fields(error);
  const kind = classify(error);
  if (kind === "outage") {
    return { title: "Trackbot does not answer", advice: "We keep trying. What you last saw stays here.", requestId };
  }
  if (kind === "session") return { title: "You are signed out", advice: "Sign in again to go on.", requestId };
  if (kind === "race") return { title: "One moment", advice: "Your session was just renewed. Try again.", requestId };
  const [title, advice] = (code && WORDS[code as Code]) || ["Something went wrong", "Try again."];
  if (code === "rate_limited" && retryAfter) return { title, advice: `Try again in ${retryAfter} s.`, requestId };
  return { title, advice: detail ?? advice, requestId };
}
