"use client";

import type { ReactNode } from "react";
import { rowLink } from "@/components/data/row-focus";
import { RelativeTime } from "@/components/data/time";
import { WindowGrid } from "@/components/data/window-grid";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { platformLabel, stateLabel, stateTone } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Account } from "@/features/tracking/types";
import type { Places } from "@/features/tracking/use-tracking";
import { useLocale } from "@/lib/format-hooks";
import { type MenuOf, useAccountMenu } from "./account-menu";
import { Followers } from "./columns";
import { accountName } from "./layout";

interface AccountCardsProps {
  accounts: readonly Account[];
  total: number;
  places: Places;
  open: (account: Account) => void;
  menu: MenuOf;
}

const CARD = 108;
const accountId = (account: Account) => account.id;

/** The accounts on a phone: one below the other, scrolling with the page. */
export function AccountCards({ accounts, total, menu, ...rest }: AccountCardsProps) {
  const actions = useAccountMenu(menu);
  return (
    <WindowGrid
      items={accounts}
      id={accountId}
      label="Accounts"
      total={total}
      estimate={CARD}
      render={(account) => <Card account={account} actions={actions} {...rest} />}
    />
  );
}

type CardProps = Omit<AccountCardsProps, "accounts" | "total" | "menu"> & {
  account: Account;
  actions: (account: Account) => ReactNode;
};

function Card({ account, places, open, actions }: CardProps) {
  const locale = useLocale();
  return (
    <article className="rounded-lg border bg-surface p-3 shadow-card">
      <div className="flex items-start gap-3">
        <button
          type="button"
          {...rowLink}
          onClick={() => open(account)}
          className="flex min-w-0 flex-1 items-center gap-3 rounded text-left"
        >
          <Avatar name={accountName(account)} src={account.avatarUrl} />
          <span className="grid min-w-0">
            <span className="truncate font-medium">{accountName(account)}</span>
            <span className="flex items-center gap-1.5 text-muted text-xs">
              <PlatformIcon platform={account.platform} decorative className="size-3.5" />
              <span className="truncate">
                {platformLabel[account.platform]} · {account.handle}
              </span>
            </span>
          </span>
        </button>
        {actions(account)}
      </div>
      <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
        <Badge tone={stateTone[account.state]} dot>
          {stateLabel[account.state]}
        </Badge>
        {account.followers !== null && (
          <span className="figures">
            <Followers account={account} locale={locale} /> followers
          </span>
        )}
        <span>
          Last post <RelativeTime at={account.lastPostAt} none="none yet" />
        </span>
        <span className="truncate">{places.brand(account.brandId)?.name}</span>
      </div>
      {account.stateReason && <p className="mt-1.5 line-clamp-2 text-muted text-xs">{account.stateReason}</p>}
    </article>
  );
}
