"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False while the server's markup is taken over: what the server could not know must wait until then. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
