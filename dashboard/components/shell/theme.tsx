"use client";

import { useSyncExternalStore } from "react";
import { Monitor, Moon, Sun } from "@/components/ui/icons";

export type Theme = "system" | "light" | "dark";

export const themes = [
  { value: "system", label: "System", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const satisfies readonly { value: Theme; label: string; icon: typeof Sun }[];

const KEY = "theme";

/** Kept in this browser; the page's ThemeScript hears of it and sets the colours. */
export function setTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that stores nothing stays with the system's choice.
  }
  window.dispatchEvent(new Event(KEY));
}

function chosen(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(KEY, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(KEY, listener);
    window.removeEventListener("storage", listener);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, chosen, () => "system");
}

/** For pages without the user's menu: the other theme. */
export function ThemeToggle() {
  return (
    <button
      type="button"
      aria-label="Switch between light and dark"
      onClick={() => setTheme(document.documentElement.classList.contains("dark") ? "light" : "dark")}
      className="grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg pointer-coarse:size-10"
    >
      <Sun aria-hidden="true" className="size-4 dark:hidden" />
      <Moon aria-hidden="true" className="hidden size-4 dark:block" />
    </button>
  );
}
