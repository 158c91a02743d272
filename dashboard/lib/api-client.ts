import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { errorOf, unreachable } from "@/lib/problem";
import type { paths } from "@/lib/schema";
import { announceSession } from "@/lib/session-events";

export { ApiError, type ErrorCode, isApiError } from "@/lib/problem";

/** The API as pages call it: same origin, the dashboard's server adds who is signed in. Failures throw an ApiError. */
export const api = createFetchClient<paths>({ baseUrl: "/api/v1", credentials: "same-origin" });

api.use({
  async onResponse({ response }) {
    if (response.ok || response.status === 304) {
      return;
    }
    const error = await errorOf(response);
    if (error.isSignedOut) {
      announceSession("ended");
    }
    throw error;
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === "AbortError" ? undefined : unreachable(error);
  },
});

/** The same for React Query. */
export const $api = createQueryClient(api);
