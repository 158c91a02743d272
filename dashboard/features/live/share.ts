import { connect, type Handlers } from "./connection";
import type { LiveEvent } from "./events";

// The tabs of a browser share one stream a guild: whoever holds the lock has it and tells the others; when that tab
// closes, the browser gives the lock to the next. Without locks or channels each tab has a stream of its own.

type Message = { kind: "event"; event: LiveEvent } | { kind: "live"; live: boolean } | { kind: "hello" };

/** Hears a guild's events until the returned function is called. */
export function share(guildId: string, handlers: Handlers): () => void {
  const url = `/api/v1/guilds/${encodeURIComponent(guildId)}/status/stream`;
  if (typeof BroadcastChannel === "undefined" || !navigator.locks) return connect(url, handlers);

  const channel = new BroadcastChannel(`trackbot-live-${guildId}`);
  const tell = (message: Message) => channel.postMessage(message);
  const over = new AbortController();
  let leads = false;
  let live = false;

  channel.onmessage = ({ data: message }: MessageEvent<Message>) => {
    if (message.kind === "event") handlers.event(message.event);
    if (message.kind === "live") handlers.live(message.live);
    if (message.kind === "hello" && leads) tell({ kind: "live", live });
  };
  const lead = () => {
    leads = true;
    const close = connect(url, {
      event: (event) => {
        handlers.event(event);
        tell({ kind: "event", event });
      },
      live: (now) => {
        live = now;
        handlers.live(now);
        tell({ kind: "live", live: now });
      },
    });
    return new Promise<void>((resolve) => {
      over.signal.addEventListener("abort", () => {
        close();
        resolve();
      });
    });
  };
  navigator.locks.request(`trackbot-live-${guildId}`, { signal: over.signal }, lead).catch(() => undefined); // called off
  tell({ kind: "hello" });
  return () => {
    over.abort();
    channel.close();
  };
}
