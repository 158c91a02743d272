import "server-only";
import { headers } from "next/headers";
import { apiAddress, callerHeaders } from "@/lib/upstream";
import type { Scorecard } from "./queries";

const patience = 5_000;

export type Opened = { kind: "card"; card: Scorecard } | { kind: "gone" | "busy" | "unavailable" };

/** What a link shows. Asked without who may be signed in: a link shows everybody the same. */
export async function openScorecard(token: string): Promise<Opened> {
  try {
    const answer = await fetch(apiAddress(`/shares/${encodeURIComponent(token)}`), {
      headers: callerHeaders(await headers()),
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    if (answer.ok) return { kind: "card", card: (await answer.json()) as Scorecard };
    if (answer.status === 429) return { kind: "busy" };
    return { kind: answer.status < 500 ? "gone" : "unavailable" };
  } catch {
    return { kind: "unavailable" };
  }
}
