import type { QueryKey } from "@tanstack/react-query";

/** What one tab tells the others of the same browser about its data; the session has events of its own. */
export type TabMessage = { type: "changed"; keys: QueryKey[] };

export interface Tabs {
  tell(message: TabMessage): void;
  close(): void;
}

const CHANNEL = "trackbot-data";

/** Listens to the other tabs; a tab does not hear itself. Without BroadcastChannel each tab is on its own. */
export function joinTabs(onMessage: (message: TabMessage) => void): Tabs {
  if (typeof window === "undefined" || typeof BroadcastChannel === "undefined") {
    return { tell: () => {}, close: () => {} };
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
