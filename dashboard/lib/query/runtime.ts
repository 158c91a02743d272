import type { QueryClient, QueryKey } from "@tanstack/react-query";
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
  /** Listens to the browser and the other tabs until the returned function is called. */
  start(): () => void;
  /** The stored data is back: call once. */
  restored(): void;
  /** Refetches here and in the other tabs: after a write. */
  changed(keys: QueryKey[]): Promise<void>;
  /** Forgets everything of the user here, in the store and in the other tabs. */
  forget(): Promise<void>;
}

export interface RuntimeDeps {
  userId: string;
  store: KeyValueStore | undefined;
  check: () => Promise<Check>;
  /** Leaves for the login page; called at most once. */
  leave: () => void;
}

export function createRuntime({ userId, store, check, leave }: RuntimeDeps): Runtime {
  const persistence = createPersistence(store, userId);
  let left = false;
  let tabs: ReturnType<typeof joinTabs> | undefined;

  const client: QueryClient = browserQueryClient({
    answered: (at) => connection.seen(at),
    failed: (error) => {
      const kind = classify(error);
      if (kind === "outage") connection.failed();
      if (kind === "session") void endSession();
    },
  });
  const connection = new Connection({
    check,
    onRecovered: () => void recover(client),
    onSessionEnded: () => void endSession(),
  });

  async function forgetHere(): Promise<void> {
    persistence.stop();
    await persistence.wipe().catch(() => undefined);
  }
  async function forget(): Promise<void> {
    await forgetHere();
    tabs?.tell({ type: "signed-out" });
  }
  async function goodbye(forgetting: Promise<void>): Promise<void> {
    if (left) return;
    left = true;
    await forgetting;
    leave();
  }
  const endSession = () => goodbye(forget());

  return {
    client,
    connection,
    persistence,
    forget: () => {
      left = true;
      return forget();
    },
    restored: () => connection.seen(newestAnswer(client)),
    changed: async (keys) => {
      tabs?.tell({ type: "changed", keys });
      await refresh(client, keys);
    },
    start: () => {
      tabs = joinTabs((message) => {
        if (message.type === "signed-out") void goodbye(forgetHere());
        if (message.type === "changed") void refresh(client, message.keys);
      });
      connection.open();
      const stopListening = listen(connection);
      return () => {
        stopListening();
        connection.close();
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
