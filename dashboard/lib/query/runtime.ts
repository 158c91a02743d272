import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { announceSession, onSessionEvent, type SessionEvent } from "@/lib/session-events";
import { browserQueryClient } from "./client";
import { type Check, Connection } from "./connection";
import { classify } from "./errors";
import { createPersistence, type KeyValueStore, type Persistence } from "./persist";
import { newestAnswer, recover, refresh } from "./refresh";
import { joinTabs } from "./tabs";

/** What the pages of one signed-in user share in a tab. */
export interface Runtime {
  client: QueryClient;
  connection: Connection;
  persistence: Persistence;
  /** Listens to the browser, the session and the other tabs until the returned function is called. */
  start(): () => void;
  /** The stored data is back: call once. */
  restored(): void;
  /** Refetches here and in the other tabs: after a write. */
  changed(keys: QueryKey[]): Promise<void>;
  /** Refetches in the other tabs alone: this one knows the answer already. */
  told(keys: QueryKey[]): void;
}

/** Why a tab leaves: the person signed out, the session ended elsewhere, or somebody else signed in. */
export type Leaving = "signed-out" | "ended" | "other-user";

export interface RuntimeDeps {
  userId: string;
  store: KeyValueStore | undefined;
  check: () => Promise<Check>;
  /** Who is signed in now; undefined when that cannot be told. */
  whoAmI: () => Promise<string | undefined>;
  /** Leaves the pages, called at most once, when nothing of the user is left in the browser. */
  leave: (why: Leaving) => void;
}

export function createRuntime({ userId, store, check, whoAmI, leave }: RuntimeDeps): Runtime {
  const persistence = createPersistence(store, userId);
  let left = false;
  let tabs: ReturnType<typeof joinTabs> | undefined;

  const client: QueryClient = browserQueryClient({
    answered: (at) => connection.seen(at),
    failed: (error) => {
      const kind = classify(error);
      if (kind === "outage") connection.failed();
      if (kind === "session") endSession();
    },
  });
  const connection = new Connection({
    check,
    onRecovered: () => void recover(client),
    onSessionEnded: () => endSession(),
  });
  const endSession = () => {
    if (!left) announceSession("ended");
    void goodbye("ended");
  };

  async function goodbye(why: Leaving): Promise<void> {
    if (left) return;
    left = true;
    connection.close();
    await persistence.wipe().catch(() => undefined);
    leave(why);
  }
  async function heard(event: SessionEvent): Promise<void> {
    if (event !== "signed-in") return goodbye(event);
    const now = await whoAmI();
    if (now !== undefined && now !== userId) await goodbye("other-user");
  }

  return {
    client,
    connection,
    persistence,
    restored: () => connection.seen(newestAnswer(client)),
    told: (keys) => tabs?.tell({ type: "changed", keys }),
    changed: async (keys) => {
      tabs?.tell({ type: "changed", keys });
      await refresh(client, keys);
    },
    start: () => {
      tabs = joinTabs((message) => void refresh(client, message.keys));
      connection.open();
      const stops = [onSessionEvent((event) => void heard(event)), listen(connection), () => connection.close()];
      return () => {
        for (const stop of stops) stop();
        tabs?.close();
        tabs = undefined;
      };
    },
  };
}

function listen(connection: Connection): () => void {
  const offline = () => connection.offline();
  const hurry = () => {
    if (document.visibilityState === "visible") connection.hurry();
  };
  if (!navigator.onLine) offline();
  window.addEventListener("offline", offline);
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  return () => {
    window.removeEventListener("offline", offline);
    window.removeEventListener("online", hurry);
    document.removeEventListener("visibilitychange", hurry);
  };
}
