import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { latestPostsQuery } from "@/features/overview/queries";
import { share } from "./share";
import { stream } from "./stream";

/** An EventSource that does what the test says. */
class Source {
  static readonly CLOSED = 2;
  static open: Source[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private listeners = new Map<string, (message: { data: string }) => void>();

  constructor(readonly url: string) {
    Source.open.push(this);
  }
  addEventListener(type: string, listener: (message: { data: string }) => void) {
    this.listeners.set(type, listener);
  }
  close() {
    this.readyState = 2;
    Source.open = Source.open.filter((source) => source !== this);
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  begin() {
    this.open();
    this.send("status", {});
  }
  send(type: string, data: unknown) {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }
  refuse() {
    this.close();
    this.onerror?.();
  }
}

/** Locks of a browser: one holder a name, the others wait in line. */
class Locks {
  private line = new Map<string, Promise<unknown>>();
  request(name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>) {
    const before = this.line.get(name) ?? Promise.resolve();
    const mine = before.then(() => (signal.aborted ? undefined : hold()));
    this.line.set(name, mine);
    return mine;
  }
}

const guildId = "400000000000000001";

function tab() {
  const seen: unknown[] = [];
  const live: boolean[] = [];
  const stop = share(guildId, { event: (event) => seen.push(event), live: (now) => live.push(now) });
  return { seen, live, stop };
}

describe("share", () => {
  beforeEach(() => {
    Source.open = [];
    vi.stubGlobal("EventSource", Source);
    vi.stubGlobal("navigator", { locks: new Locks() });
  });
  afterEach(() => vi.useRealTimers());

  it("opens one stream for several tabs, and another tab takes over", async () => {
    const [first, second] = [tab(), tab()];
    await vi.waitFor(() => expect(Source.open).toHaveLength(1));
    Source.open[0]?.begin();
    Source.open[0]?.send("post", { id: "p1" });
    const status = { type: "status", data: {} };
    await vi.waitFor(() => expect(second.seen).toEqual([status, { type: "post", data: { id: "p1" } }]));
    expect(first.seen).toEqual(second.seen);
    expect(second.live.at(-1)).toBe(true);
    const late = tab();
    await vi.waitFor(() => expect(late.live.at(-1)).toBe(true));
    first.stop();
    await vi.waitFor(() => expect(Source.open).toHaveLength(1));
    Source.open[0]?.begin();
    Source.open[0]?.send("status", { bot: {} });
    await vi.waitFor(() => expect(late.seen.at(-1)).toEqual({ type: "status", data: { bot: {} } }));
    expect(first.seen).toHaveLength(2);
    second.stop();
    late.stop();
  });

  it("is live from the status on, which ends what a stream begins with", () => {
    vi.stubGlobal("BroadcastChannel", undefined);
    const one = tab();
    Source.open[0]?.open();
    Source.open[0]?.send("post", { id: "p1" });
    expect(one.live).toEqual([]);
    Source.open[0]?.send("status", {});
    expect(one.live).toEqual([true]);
    one.stop();
  });

  it("catches up once each time the stream is live again, however often that is said", async () => {
    vi.stubGlobal("BroadcastChannel", undefined);
    const client = new QueryClient();
    const { queryKey } = latestPostsQuery(guildId);
    const isAskedFor = () => {
      const asked = client.getQueryState(queryKey)?.isInvalidated;
      client.setQueryData(queryKey, { items: [], nextCursor: null, asOf: null });
      return asked;
    };
    isAskedFor();
    const stop = stream(client, guildId, () => {});
    const [source] = Source.open;
    source?.open();
    expect(isAskedFor()).toBe(false);
    source?.send("status", {});
    expect(isAskedFor()).toBe(true);
    source?.send("status", {});
    expect(isAskedFor()).toBe(false);
    source?.onerror?.();
    source?.begin();
    expect(isAskedFor()).toBe(true);
    stop();
  });

  it("tries again by itself where the browser gives up, later and later", async () => {
    vi.stubGlobal("BroadcastChannel", undefined);
    vi.useFakeTimers();
    const one = tab();
    for (const wait of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      expect(Source.open).toHaveLength(1);
      Source.open[0]?.refuse();
      vi.advanceTimersByTime(wait - 1);
      expect(Source.open).toHaveLength(0);
      vi.advanceTimersByTime(1);
    }
    Source.open[0]?.begin();
    expect(one.live.at(-1)).toBe(true);
    Source.open[0]?.refuse();
    expect(one.live.at(-1)).toBe(false);
    vi.advanceTimersByTime(5_000);
    expect(Source.open).toHaveLength(1);
    one.stop();
    expect(Source.open).toHaveLength(0);
  });
});
