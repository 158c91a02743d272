"use client";

import { PlatformIcon } from "@/features/tracking/platform-icon";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";

/** Accounts by name, and how many more there are. */
export function AccountNames({ accounts, label }: { accounts: components["schemas"]["PlanAccounts"]; label: string }) {
  const locale = useLocale();
  const more = accounts.total - accounts.accounts.length;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {accounts.accounts.map((account) => (
        <li
          key={account.id}
          className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-md border bg-surface px-2 text-xs"
        >
          <PlatformIcon platform={account.platform} />
          <span className="truncate">{account.displayName || account.handle}</span>
        </li>
      ))}
      {more > 0 && (
        <li className="inline-flex h-7 items-center px-1 text-muted text-xs">and {number(more, locale)} more</li>
      )}
    </ul>
  );
}
