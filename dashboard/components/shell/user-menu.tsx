"use client";

import { ChevronsUpDown, Keyboard, LogOut, MonitorSmartphone } from "lucide-react";
import { Avatar } from "@/components/ui/avatar";
import { Menu, MenuGroup, MenuItem, MenuLink, MenuRadioGroup, MenuSeparator } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { useMe } from "@/features/account/use-me";
import { useSignOut } from "@/features/account/use-sign-out";
import { useCommands } from "./commands";
import { themes, useThemeChoice } from "./theme";

export function UserMenu() {
  const me = useMe();
  const { openHelp } = useCommands();
  const { theme, setTheme } = useThemeChoice();
  const signOut = useSignOut();
  const name = me ? (me.user.globalName ?? me.user.username) : null;
  return (
    <Menu
      side="top"
      align="start"
      className="w-56"
      trigger={
        <button
          type="button"
          aria-label={`Your account${name ? `, ${name}` : ""}`}
          className="flex h-10 w-full items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover data-popup-open:bg-active pointer-coarse:h-12"
        >
          {me && name ? (
            <>
              <Avatar name={name} src={me.user.avatarUrl} className="size-6" />
              <span className="min-w-0 flex-1 truncate text-sm">{name}</span>
            </>
          ) : (
            <>
              <Skeleton className="size-6 rounded-full" />
              <Skeleton className="h-3.5 flex-1" />
            </>
          )}
          <ChevronsUpDown aria-hidden="true" className="size-3.5 text-subtle" />
        </button>
      }
    >
      {me && <p className="truncate px-2 py-1.5 text-muted text-xs">Signed in as {me.user.username}</p>}
      <MenuLink href="/account/sessions">
        <MonitorSmartphone aria-hidden="true" /> Sessions
      </MenuLink>
      <MenuItem onClick={openHelp}>
        <Keyboard aria-hidden="true" /> Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuGroup label="Theme">
        <MenuRadioGroup
          label="Theme"
          value={theme}
          onValueChange={setTheme}
          options={themes.map(({ icon: Icon, ...each }) => ({ ...each, icon: <Icon aria-hidden="true" /> }))}
        />
      </MenuGroup>
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}>
        <LogOut aria-hidden="true" /> Sign out
      </MenuItem>
    </Menu>
  );
}
