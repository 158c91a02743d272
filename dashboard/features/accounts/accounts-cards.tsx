"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { moveFocus, rowLink } from "@/components/data/row-focus";
import { RelativeTime } from "@/components/data/time";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { platformLabel, stateLabel, stateTone } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Account } from "@/features/tracking/types";
import type { Places } from "@/features/tracking/use-tracking";
import { useLocale } from "@/lib/format-hooks";
import { accountName, Followers } from "./columns";

interface AccountCardsProps {
  accounts: readonly Account[];
  total: number;
  places: Places;
  open: (account: Account) => void;
  actions: (account: Account) => ReactNode;
}

const CARD = 108;

/** The accounts on a phone: one below the other, scrolling with the page. */
export function AccountCards({ accounts, total, places, open, actions }: AccountCardsProps) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: accounts.length,
    estimateSize: () => CARD,
    getItemKey: (index) => accounts[index]?.id ?? index,
    overscan: 6,
    scrollMargin: top,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a list whose items are placed by the virtualizer
    <div
      ref={list}
      role="list"
      aria-label="Accounts"
      className="relative"
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={(event) => moveFocus(event, accounts.length, (index) => virtual.scrollToIndex(index))}
    >
      {virtual.getVirtualItems().map((item) => {
        const account = accounts[item.index];
        return (
          account && (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <div
              key={account.id}
              role="listitem"
              aria-setsize={total}
              aria-posinset={item.index + 1}
              data-index={item.index}
              ref={virtual.measureElement}
              className="absolute inset-x-0 pb-2"
              style={{ transform: `translateY(${item.start - top}px)` }}
            >
              <Card {...{ account, places, open, actions }} />
            </div>
          )
        );
      })}
    </div>
  );
}

type CardProps = Omit<AccountCardsProps, "accounts" | "total"> & { account: Account };

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
