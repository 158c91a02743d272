"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { ThemeProvider as Provider, useTheme } from "next-themes";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { Menu, MenuRadioGroup } from "@/components/ui/menu";

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

/** For pages without the user's menu. */
export function ThemeToggle() {
  const { theme, setTheme } = useThemeChoice();
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Theme">
          <Sun aria-hidden="true" className="dark:hidden" />
          <Moon aria-hidden="true" className="hidden dark:block" />
        </IconButton>
      }
    >
      <MenuRadioGroup
        label="Theme"
        value={theme}
        onValueChange={setTheme}
        options={themes.map(({ icon: Icon, ...each }) => ({ ...each, icon: <Icon aria-hidden="true" /> }))}
      />
    </Menu>
  );
}
