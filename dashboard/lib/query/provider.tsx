"use client";

import { useQueryClient } from "@tanstack/react-query";
import { PersistQueryClientProvider, persistQueryClientSave } from "@tanstack/react-query-persist-client";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { checkApi } from "./check";
import type { ConnectionState } from "./connection";
import { BUSTER, dehydrateOptions, MAX_AGE } from "./persist";
import { createRuntime, type Runtime } from "./runtime";
import { browserStore } from "./store";

const RuntimeContext = createContext<Runtime | null>(null);

/** The page to come back to after signing in again. */
function loginAddress(): string {
  const here = window.location.pathname + window.location.search;
  return here === "/" ? "/login" : `/login?returnTo=${encodeURIComponent(here)}`;
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
    () =>
      given ??
      createRuntime({
        ...{ userId, store: browserStore(), check: checkApi },
        leave: () => window.location.assign(loginAddress()),
      }),
  );
  useEffect(() => runtime.start(), [runtime]);
  const persistOptions = useMemo(
    () => ({ persister: runtime.persistence.persister, buster: BUSTER, maxAge: MAX_AGE, dehydrateOptions }),
    [runtime],
  );
  const restored = async () => {
    runtime.restored();
    await runtime.persistence.wipeOthers();
    // What the server hydrated raised no event that would store it.
    await persistQueryClientSave({ queryClient: runtime.client, ...persistOptions });
  };
  return (
    <RuntimeContext value={runtime}>
      <PersistQueryClientProvider client={runtime.client} persistOptions={persistOptions} onSuccess={restored}>
        {children}
      </PersistQueryClientProvider>
    </RuntimeContext>
  );
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

/**
 * Forgets the user's data here, in the browser's store and in the other tabs. Await it before the request that ends the
 * session, so that nothing is left when the login page appears.
 */
export function useForget(): () => Promise<void> {
  const runtime = useRuntime();
  const client = useQueryClient();
  return async () => {
    await runtime.forget();
    client.cancelQueries();
  };
}
