// Whether the API answers.
//
//   live ──a call finds nobody──▶ suspect ──check ok──▶ live
//                                    │ check fails
//                                    ▼
//                                  stale ──check ok──▶ live, and everything is asked again
//                                    └─check fails: again after 2 s, 4 s … 30 s
//
// One broken call is not an outage, so a failure alone does not make the page stale: a cheap call decides. Writes wait
// while stale. Several calls failing at once cost one check.

export type Check = "ok" | "down" | "session";

export interface ConnectionState {
  status: "live" | "suspect" | "stale";
  /** When an answer was last seen, in milliseconds since the epoch; null when never. */
  lastSeen: number | null;
  /** When the next check is due, while stale. */
  nextCheckAt: number | null;
}

export interface ConnectionDeps {
  /** The cheap call. Must not reject. */
  check: () => Promise<Check>;
  /** Called once on the way from stale to live. */
  onRecovered: () => void;
  /** Called when the check says that there is no session any more. */
  onSessionEnded: () => void;
  /** 0..1, spreads many browsers' checks. */
  random?: () => number;
}

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

export class Connection {
  private state: ConnectionState = { status: "live", lastSeen: null, nextCheckAt: null };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private checking = false;
  private failures = 0;
  private closed = false;

  constructor(private readonly deps: ConnectionDeps) {}

  readonly snapshot = (): ConnectionState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** An answer of this time is on screen: also one that was stored by an earlier visit. */
  seen(at: number): void {
    if (at > (this.state.lastSeen ?? 0)) this.set({ lastSeen: at });
  }

  /** A call found nobody. */
  failed(): void {
    if (this.state.status !== "live") return;
    this.set({ status: "suspect" });
    void this.checkNow();
  }

  /** The browser says that there is no network: no check is needed to know. */
  offline(): void {
    if (this.state.status !== "stale") this.fail();
  }

  /** The network is back, the tab is looked at again, or a person pressed "Try now". */
  hurry(): void {
    if (this.state.status === "stale") void this.checkNow();
  }

  /** Goes on watching after close. */
  open(): void {
    this.closed = false;
    this.hurry();
  }

  /** Checks no more: the pages that use the data are gone. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async checkNow(): Promise<void> {
    if (this.checking || this.closed) return;
    this.checking = true;
    clearTimeout(this.timer);
    const result = await this.deps.check();
    this.checking = false;
    if (this.closed) return;
    if (result === "down") return this.fail();
    this.succeed();
    if (result === "session") this.deps.onSessionEnded();
  }

  private fail(): void {
    const wait = Math.min(FIRST_WAIT * 2 ** this.failures, LONGEST_WAIT);
    const spread = wait * (0.8 + 0.4 * (this.deps.random ?? Math.random)());
    this.failures += 1;
    this.set({ status: "stale", nextCheckAt: Date.now() + spread });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.checkNow(), spread);
  }

  private succeed(): void {
    const wasStale = this.state.status === "stale";
    this.failures = 0;
    this.set({ status: "live", nextCheckAt: null });
    if (wasStale) this.deps.onRecovered();
  }

  private set(change: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
