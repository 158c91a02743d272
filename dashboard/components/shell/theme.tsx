"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { ThemeProvider as Provider, useTheme } from "next-themes";
import type { ReactNode } from "react";

export type Theme = "system" | "light" | "dark";

export const themes = [
  { value: "system", label: "System", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const satisfies readonly { value: Theme; label: string; icon: typeof Sun }[];

/** Sets the class on <html> before the first paint; `nonce` lets its script pass the page's policy. */
export function ThemeProvider({ nonce, children }: { nonce?: string; children: ReactNode }) {
  return (
    <Provider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      {children}
    </Provider>
  );
}

export function useThemeChoice(): { theme: Theme; setTheme: (theme: Theme) => void } {
  const { theme, setTheme } = useTheme();
  return { theme: theme === "light" || theme === "dark" ? theme : "system", setTheme };
}

/** For pages without the user's menu: the other theme. */
export function ThemeToggle() {
  const { resolvedTheme, setTheme } = useTheme();
  return (
    <button
      type="button"
      aria-label="Switch between light and dark"
      onClick={() => setTheme(resolvedTheme === "dark" ? "light" : "dark")}
      className="grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg pointer-coarse:size-10"
    >
      <Sun aria-hidden="true" className="size-4 dark:hidden" />
      <Moon aria-hidden="true" className="hidden size-4 dark:block" />
    </button>
  );
}
