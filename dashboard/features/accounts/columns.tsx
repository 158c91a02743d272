import { createColumnHelper } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { rowLink } from "@/components/data/row-focus";
import type { Features } from "@/components/data/table";
import { RelativeTime } from "@/components/data/time";
import { Avatar } from "@/components/ui/avatar";
import { Checkbox } from "@/components/ui/checkbox";
import { platformLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Account } from "@/features/tracking/types";
import type { Places } from "@/features/tracking/use-tracking";
import { ACCOUNT_STATES } from "@/features/tracking/values";
import { compact, NONE, number } from "@/lib/format";
import { accountName } from "./layout";
import { StateCell } from "./state-badge";

interface ColumnDeps {
  places: Places;
  canManage: boolean;
  locale: string;
  open: (account: Account) => void;
  actions: (account: Account) => ReactNode;
}

const helper = createColumnHelper<Features, Account>();
const time = (value: string | null) => (value === null ? undefined : Date.parse(value));

export function accountColumns({ places, canManage, locale, open, actions }: ColumnDeps) {
  const text = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  const select = helper.display({
    id: "select",
    header: ({ table }) => (
      <Checkbox
        aria-label="Select all accounts shown"
        checked={table.getIsAllRowsSelected()}
        indeterminate={!table.getIsAllRowsSelected() && table.getIsSomeRowsSelected()}
        onCheckedChange={(checked) => table.toggleAllRowsSelected(checked)}
      />
    ),
    cell: ({ row }) => (
      <Checkbox
        aria-label={`Select ${accountName(row.original)}`}
        checked={row.getIsSelected()}
        onCheckedChange={(checked) => row.toggleSelected(checked)}
      />
    ),
  });
  const columns = helper.columns([
    helper.accessor(accountName, {
      id: "name",
      header: "Account",
      sortFn: (a, b) => text.compare(accountName(a.original), accountName(b.original)),
      cell: ({ row: { original: account } }) => (
        <button
          type="button"
          {...rowLink}
          onClick={() => open(account)}
          className="flex min-w-0 flex-1 items-center gap-3 rounded py-1 text-left"
        >
          <Avatar name={accountName(account)} src={account.avatarUrl} />
          <span className="grid min-w-0">
            <span className="truncate font-medium group-hover:underline">{accountName(account)}</span>
            <span className="truncate text-muted text-xs">{account.handle}</span>
          </span>
        </button>
      ),
    }),
    helper.accessor("platform", {
      header: "Platform",
      sortFn: (a, b) => text.compare(platformLabel[a.original.platform], platformLabel[b.original.platform]),
      cell: ({ row: { original: account } }) => (
        <span className="flex items-center gap-2">
          <PlatformIcon platform={account.platform} decorative />
          {platformLabel[account.platform]}
        </span>
      ),
    }),
    helper.accessor((account) => ACCOUNT_STATES.indexOf(account.state), {
      id: "state",
      header: "State",
      cell: ({ row }) => <StateCell account={row.original} />,
    }),
    helper.display({
      id: "place",
      header: "Brand and group",
      cell: ({ row: { original: account } }) => <PlaceCell account={account} places={places} />,
    }),
    helper.accessor((account) => account.followers ?? undefined, {
      id: "followers",
      header: "Followers",
      sortUndefined: "last",
      cell: ({ row: { original: account } }) => <Followers account={account} locale={locale} />,
    }),
    helper.accessor((account) => time(account.lastPostAt), {
      id: "lastPostAt",
      header: "Last post",
      sortUndefined: "last",
      cell: ({ row }) => <RelativeTime at={row.original.lastPostAt} none="None yet" />,
    }),
    helper.accessor((account) => time(account.nextPollAt), {
      id: "nextPollAt",
      header: "Next check",
      sortUndefined: "last",
      cell: ({ row }) => <RelativeTime at={row.original.nextPollAt} />,
    }),
    helper.display({
      id: "channel",
      header: "Channel",
      cell: ({ row }) => <ChannelCell account={row.original} places={places} />,
    }),
    helper.accessor((account) => time(account.createdAt), {
      id: "createdAt",
      header: "Added",
      cell: ({ row }) => <RelativeTime at={row.original.createdAt} />,
    }),
    helper.display({
      id: "actions",
      header: () => <span className="sr-only">Actions</span>,
      cell: ({ row }) => actions(row.original),
    }),
  ]);
  return canManage ? [select, ...columns] : columns;
}

function PlaceCell({ account, places }: { account: Account; places: Places }) {
  return (
    <span className="grid min-w-0">
      <span className="truncate">{places.brand(account.brandId)?.name ?? NONE}</span>
      <span className="truncate text-muted text-xs">{places.group(account.groupId)?.name}</span>
    </span>
  );
}

export function Followers({ account, locale }: { account: Account; locale: string }) {
  const { followers, platform } = account;
  if (followers === null) {
    return <span title={`${platformLabel[platform]} tells no number of followers`}>{NONE}</span>;
  }
  return <span title={number(followers, locale)}>{compact(followers, locale)}</span>;
}

function ChannelCell({ account, places }: { account: Account; places: Places }) {
  return account.channelId === null ? (
    <span className="text-muted">Default</span>
  ) : (
    <span className="truncate">{places.channel(account.channelId)}</span>
  );
}
