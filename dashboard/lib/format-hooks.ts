"use client";

import { useSyncExternalStore } from "react";

const TICK = 30_000;
let current = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = Date.now();
    for (const each of listeners) each();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
      current = 0;
    }
  };
}

function snapshot(): number {
  if (current === 0) current = Date.now();
  return current;
}

const never = () => () => {};

/** The time, moving every half minute with one timer for the page. Null while the server's markup is taken over. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, snapshot, () => null);
}

/** The reader's language; "en" while the server's markup is taken over. */
export function useLocale(): string {
  return useSyncExternalStore(
    never,
    () => navigator.language || "en",
    () => "en",
  );
}
