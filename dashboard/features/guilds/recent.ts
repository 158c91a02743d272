"use client";

import { useEffect, useSyncExternalStore } from "react";

// The guilds visited last, newest first, kept in this browser alone: a convenience that no other device needs.

const KEY = "recent-guilds";
const MOST = 50;
const none: string[] = [];
const listeners = new Set<() => void>();
let cached: { raw: string | null; ids: string[] } = { raw: null, ids: none };

function load(): string[] {
  const raw = localStorage.getItem(KEY);
  if (raw !== cached.raw) cached = { raw, ids: raw ? raw.split(",") : none };
  return cached.ids;
}

function tell() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useRecent(): string[] {
  return useSyncExternalStore(subscribe, load, () => none);
}

export function useVisit(guildId: string): void {
  useEffect(() => {
    localStorage.setItem(KEY, [guildId, ...load().filter((id) => id !== guildId)].slice(0, MOST).join(","));
    tell();
  }, [guildId]);
}

export function forgetRecent(): void {
  localStorage.removeItem(KEY);
  tell();
}
