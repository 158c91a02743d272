"use client";

import type { Route } from "next";
import { type ReactNode, useCallback } from "react";
import { IconButton } from "@/components/ui/button";
import { Ellipsis, ExternalLink, Newspaper, Pause, Pencil, Play, RefreshCw, Trash2 } from "@/components/ui/icons";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import type { Account } from "@/features/tracking/types";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { accountName } from "./layout";
import { useAccountActs } from "./mutations";

export interface AccountActions {
  /** Has the account checked now. */
  check: (account: Account) => void;
  edit: (account: Account) => void;
  pause: (account: Account, paused: boolean) => void;
  remove: (account: Account) => void;
}

/** What the menus of a list share. */
export type MenuOf = Pick<AccountMenuProps, "guildId" | "access" | "edit" | "remove">;

interface AccountMenuProps extends AccountActions {
  guildId: string;
  account: Account;
  access: WriteAccess;
}

/** Whether pausing or resuming means anything in the account's state. */
export const canPause = ({ state }: Account): boolean => state !== "paused_by_plan" && state !== "gone";

/** The menu of each row. It stays the same function, because the table's columns close over it. */
export function useAccountMenu({ guildId, access, edit, remove }: MenuOf): (account: Account) => ReactNode {
  const { check, pause } = useAccountActs(guildId);
  return useCallback(
    (account) => <AccountMenu {...{ guildId, account, access, check, edit, pause, remove }} />,
    [guildId, access, check, edit, pause, remove],
  );
}

export function AccountMenu({ guildId, account, access, check, edit, pause, remove }: AccountMenuProps) {
  const paused = account.state === "paused";
  const blocked = access.blocked !== undefined;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for ${accountName(account)}`} size="icon-sm">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuLink href={`/guilds/${guildId}/tracking/posts?account=${account.id}` as Route}>
        <Newspaper aria-hidden />
        Its posts
      </MenuLink>
      <MenuItem onClick={() => window.open(account.url, "_blank", "noopener,noreferrer")}>
        <ExternalLink aria-hidden />
        Open at the platform
      </MenuItem>
      {access.canManage && (
        <>
          <MenuSeparator />
          {account.action === "retry_now" && (
            <MenuItem disabled={blocked} onClick={() => check(account)}>
              <RefreshCw aria-hidden />
              Check now
            </MenuItem>
          )}
          <MenuItem disabled={blocked} onClick={() => edit(account)}>
            <Pencil aria-hidden />
            Move or change channel
          </MenuItem>
          {canPause(account) && (
            <MenuItem disabled={blocked} onClick={() => pause(account, !paused)}>
              {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
              {paused ? "Resume" : "Pause"}
            </MenuItem>
          )}
          <MenuItem danger disabled={blocked} onClick={() => remove(account)}>
            <Trash2 aria-hidden />
            Stop tracking
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
