import "server-only";
import { createHash } from "node:crypto";
import type { TokenPair } from "@/lib/session/session";

/** What came of a refresh. */
export type Refreshed =
  | { kind: "rotated"; pair: TokenPair; at: number }
  /** Another one has just rotated this token: its cookie is on its way, so ours stays. */
  | { kind: "race" }
  /** The session is over. */
  | { kind: "ended" }
  /** The API did not answer, or not about the session: nothing is known, so the cookie stays. */
  | { kind: "unavailable" };

export type RefreshCall = (refreshToken: string, idempotencyKey: string) => Promise<Refreshed>;

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

/** The same in every process, so that whichever asks for a token gets the one successor from the API. */
const idempotencyKeyOf = (refreshToken: string) => digest(`trackbot dashboard refresh ${refreshToken}`);

/** How long a result answers later callers. A failed try is soon made again, and not by everyone at once. */
const keptFor: Record<Refreshed["kind"], number> = { rotated: 30_000, ended: 30_000, race: 1_000, unavailable: 2_000 };

type Entry = { result: Promise<Refreshed>; keepUntil: number };

/**
 * Makes at most one refresh call at a time for a token in this process, and gives its result to all who ask within
 * 30 s: requests that left the browser before the new cookie reached it.
 *
 *	fresh ── first caller ──► in flight ──► kept ── 30 s ──► forgotten
 *	                             ▲ others wait  ▲ others take it; when its successor was
 *	                             │              │ rotated too, they take the last of the chain
 */
export class Refresher {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Never rejects. The call is made unless one for this token is under way or has just been. */
  async refresh(refreshToken: string, call: RefreshCall): Promise<Refreshed> {
    let result = await this.#once(refreshToken, call);
    // Within 30 s a chain has a handful of links; the bound is for an API that would give the same token again.
    for (let links = 0; links < 32 && result.kind === "rotated"; links++) {
      const later = await this.#kept(result.pair.refreshToken)?.result;
      if (later?.kind !== "rotated" && later?.kind !== "ended") {
        break;
      }
      result = later;
    }
    return result;
  }

  /** How many tokens it remembers. */
  get size(): number {
    return this.#entries.size;
  }

  #kept(refreshToken: string): Entry | undefined {
    const entry = this.#entries.get(digest(refreshToken));
    return entry !== undefined && this.#now() < entry.keepUntil ? entry : undefined;
  }

  #once(refreshToken: string, call: RefreshCall): Promise<Refreshed> {
    const kept = this.#kept(refreshToken);
    if (kept !== undefined) {
      return kept.result;
    }
    this.#forget();
    const failed: Refreshed = { kind: "unavailable" };
    const result = call(refreshToken, idempotencyKeyOf(refreshToken)).catch(() => failed);
    const entry: Entry = { result, keepUntil: Number.POSITIVE_INFINITY };
    this.#entries.set(digest(refreshToken), entry);
    void result.then(({ kind }) => {
      entry.keepUntil = this.#now() + keptFor[kind];
    });
    return result;
  }

  #forget(): void {
    for (const [name, entry] of this.#entries) {
      if (this.#now() >= entry.keepUntil) {
        this.#entries.delete(name);
      }
    }
  }
}
