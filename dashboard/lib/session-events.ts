// What the tabs of this browser tell one another about the session.

export type SessionEvent = "signed-in" | "signed-out" | "ended";

const channelName = "trackbot-session";
type Listener = (event: SessionEvent) => void;
const listeners = new Set<Listener>();
let channel: BroadcastChannel | undefined;

function connect(): BroadcastChannel | undefined {
  if (channel === undefined && typeof BroadcastChannel !== "undefined") {
    channel = new BroadcastChannel(channelName);
    channel.onmessage = (message: MessageEvent<SessionEvent>) => {
      for (const listener of listeners) {
        listener(message.data);
      }
    };
  }
  return channel;
}

/** Calls listener for what happens to the session here and in the other tabs; returns how to stop. */
export function onSessionEvent(listener: Listener): () => void {
  connect();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells this tab and the others. */
export function announceSession(event: SessionEvent): void {
  connect()?.postMessage(event);
  for (const listener of listeners) {
    listener(event);
  }
}

/** Signs out here, or everywhere, and tells the other tabs. Resolves when the cookie is gone. */
export async function signOut(options: { everywhere?: boolean } = {}): Promise<void> {
  const response = await fetch(options.everywhere ? "/auth/logout?all=true" : "/auth/logout", { method: "POST" });
  if (!response.ok) {
    throw new Error("sign out: the dashboard refused");
  }
  announceSession("signed-out");
}
