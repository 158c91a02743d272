"use client";

import { IsRestoringProvider, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { loginPath } from "@/lib/return-to";
import { checkApi, whoAmI } from "./check";
import type { ConnectionState } from "./connection";
import { createRuntime, type Leaving, type Runtime } from "./runtime";
import { pageSettled } from "./settled";
import { browserStore } from "./store";

const RuntimeContext = createContext<Runtime | null>(null);

function leave(why: Leaving): void {
  const { pathname, search } = window.location;
  if (why === "other-user") window.location.reload();
  else window.location.assign(why === "ended" ? loginPath(pathname + search) : "/login");
}

interface DataProviderProps {
  userId: string;
  children: ReactNode;
  /** For tests. */
  runtime?: Runtime;
}

/** The data of a signed-in user. Another user gets another cache, and what is stored of the first is removed. */
export function DataProvider(props: DataProviderProps) {
  return <UserData key={props.userId} {...props} />;
}

function UserData({ userId, children, runtime: given }: DataProviderProps) {
  const [runtime] = useState(
    () => given ?? createRuntime({ userId, store: browserStore(), check: checkApi, whoAmI, leave }),
  );
  useEffect(() => runtime.start(), [runtime]);
  const restoring = useStored(runtime);
  return (
    <RuntimeContext value={runtime}>
      <QueryClientProvider client={runtime.client}>
        <IsRestoringProvider value={restoring}>{children}</IsRestoringProvider>
      </QueryClientProvider>
    </RuntimeContext>
  );
}

/** Brings the stored data back when the server's page is taken over, and stores what changes. True until it is back. */
function useStored(runtime: Runtime): boolean {
  const [restoring, setRestoring] = useState(true);
  useEffect(() => {
    let over = false;
    let stop: (() => void) | undefined;
    const { client, persistence } = runtime;
    const begin = async () => {
      await pageSettled();
      const { restore } = await import("./keep");
      const store = await restore(client, persistence);
      runtime.restored();
      await persistence.wipeOthers();
      if (!over) stop = store();
    };
    // Without what is stored the page still asks the API.
    void begin()
      .catch(() => undefined)
      .finally(() => setRestoring(false));
    return () => {
      over = true;
      stop?.();
    };
  }, [runtime]);
  return restoring;
}

function useRuntime(): Runtime {
  const runtime = useContext(RuntimeContext);
  if (!runtime) throw new Error("use data hooks below <DataProvider>");
  return runtime;
}

/** Whether the API answers, and since when it does not. */
export function useConnection(): ConnectionState & { tryNow: () => void } {
  const { connection } = useRuntime();
  const state = useSyncExternalStore(connection.subscribe, connection.snapshot, connection.snapshot);
  return useMemo(() => ({ ...state, tryNow: () => connection.hurry() }), [state, connection]);
}

/** True while what is on screen is what was last seen: writes wait. */
export function useStale(): boolean {
  return useConnection().status === "stale";
}

/** Refetches queries by the beginnings of their keys, here and in the other tabs. */
export function useChanged(): Runtime["changed"] {
  return useRuntime().changed;
}

/** The same in the other tabs alone, where this one knows the answer already. */
export function useTold(): Runtime["told"] {
  return useRuntime().told;
}
