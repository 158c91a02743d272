"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function load(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

function save(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
  for (const listener of listeners) listener();
}

/** A choice this browser remembers, such as the columns of a table. What cannot be read is the fallback. */
export function useStored<T>(key: string, fallback: T, isValid: (value: unknown) => value is T) {
  const raw = useSyncExternalStore(
    subscribe,
    () => load(key),
    () => null,
  );
  const value = useMemo(() => {
    if (raw === null) return fallback;
    try {
      const parsed: unknown = JSON.parse(raw);
      return isValid(parsed) ? parsed : fallback;
    } catch {
      return fallback;
    }
  }, [raw, fallback, isValid]);
  const set = useCallback((next: T) => save(key, JSON.stringify(next)), [key]);
  return [value, set] as const;
}
