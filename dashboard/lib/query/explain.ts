import type { components } from "@/lib/schema";
import { classify, fields } from "./errors";

type Code = components["schemas"]["ProblemCode"];

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
