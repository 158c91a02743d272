import type { components } from "@/lib/schema";
import type { Check } from "./connection";
import { classify } from "./errors";

const TIMEOUT = 5_000;

/** Asks who is signed in: the cheapest call that needs the API and its database. */
export async function checkApi(): Promise<Check> {
  try {
    const response = await fetch("/api/v1/auth/me", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
    if (response.ok) return "ok";
    const body: unknown = await response.json().catch(() => null);
    const code = typeof body === "object" && body !== null && "code" in body ? String(body.code) : undefined;
    const kind = classify({ status: response.status, code });
    if (kind === "session") return "session";
    return kind === "outage" ? "down" : "ok";
  } catch {
    return "down";
  }
}

/** The id of who is signed in; undefined when that cannot be told. */
export async function whoAmI(): Promise<string | undefined> {
  try {
    const response = await fetch("/api/v1/auth/me", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
    const me = (await response.json()) as Partial<components["schemas"]["Me"]>;
    return me.user?.id;
  } catch {
    return undefined;
  }
}
