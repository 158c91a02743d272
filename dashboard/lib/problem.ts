import type { components } from "@/lib/schema";

export type Problem = components["schemas"]["Problem"];
export type FieldError = components["schemas"]["FieldError"];
/** The contract's codes, and `unreachable` when no answer came at all. */
export type ErrorCode = components["schemas"]["ProblemCode"] | "unreachable";

/** Why a call failed, fit to be shown. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  /** The HTTP status, 0 when no answer came. */
  readonly status: number;
  /** A sentence for people. */
  readonly detail: string;
  /** Names the request in the API's log; empty when no answer came. */
  readonly requestId: string;
  /** Seconds to wait before the next try, where the server said so. */
  readonly retryAfter: number | undefined;
  readonly errors: readonly FieldError[];

  constructor(
    problem: Partial<Omit<Problem, "code">> & { code: ErrorCode },
    extra: { retryAfter?: number | undefined; cause?: unknown } = {},
  ) {
    const detail = problem.detail ?? problem.title ?? "Something went wrong.";
    super(detail, { cause: extra.cause });
    this.code = problem.code;
    this.status = problem.status ?? 0;
    this.detail = detail;
    this.requestId = problem.requestId ?? "";
    this.retryAfter = extra.retryAfter;
    this.errors = problem.errors ?? [];
  }

  /** The API or the way to it is down: what was seen last stays on screen. */
  get isOutage(): boolean {
    return this.code === "unreachable" || this.code === "unavailable" || this.status >= 500;
  }

  /** Nobody is signed in any more. */
  get isSignedOut(): boolean {
    return this.status === 401 && this.code !== "refresh_race";
  }
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

function secondsOf(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** Reads a refusal. Whatever is no problem document, such as a proxy's page, becomes one. */
export async function errorOf(response: Response): Promise<ApiError> {
  const retryAfter = secondsOf(response.headers.get("retry-after"));
  const requestId = response.headers.get("x-request-id") ?? "";
  const { status } = response;
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
      return new ApiError(body as Problem, { retryAfter });
    }
  } catch {
    // Not JSON: the status has to do.
  }
  const code: ErrorCode =
    status === 401 ? "unauthenticated" : status === 404 ? "not_found" : status >= 500 ? "unavailable" : "internal";
  return new ApiError(
    { code, status, requestId, detail: `The server answered with status ${status}.` },
    { retryAfter },
  );
}

/** What a call that got no answer failed with. */
export function unreachable(cause: unknown): ApiError {
  return new ApiError({ code: "unreachable", title: "Trackbot does not answer. It is tried again." }, { cause });
}
