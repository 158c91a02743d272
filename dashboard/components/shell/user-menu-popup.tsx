"use client";

import { Keyboard, LogOut, MonitorSmartphone, UserRoundCog } from "@/components/ui/icons";
import { MenuGroup, MenuItem, MenuLink, MenuPopup, MenuRadioGroup, MenuSeparator } from "@/components/ui/menu-popup";
import { useMe } from "@/features/account/use-me";
import { useSignOut } from "@/features/account/use-sign-out";
import { useCommands } from "./commands";
import { setTheme, themes, useTheme } from "./theme";
import { UserButton } from "./user-button";

export function UserMenuPopup() {
  const me = useMe();
  const { openHelp } = useCommands();
  const theme = useTheme();
  const signOut = useSignOut();
  return (
    <MenuPopup defaultOpen side="top" align="start" className="w-56" trigger={<UserButton me={me} />}>
      {me && <p className="truncate px-2 py-1.5 text-muted text-xs">Signed in as {me.user.username}</p>}
      <MenuLink href="/account/sessions">
        <MonitorSmartphone aria-hidden="true" /> Sessions
      </MenuLink>
      <MenuLink href="/account/data">
        <UserRoundCog aria-hidden="true" /> Your data
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
    </MenuPopup>
  );
}
