"use client";

import type { RowSelectionState } from "@tanstack/react-table";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { useStored } from "@/components/data/use-stored";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { ExportButton } from "@/features/exports/export-button";
import { ImportButton } from "@/features/import/import-button";
import { AccountsNotice } from "@/features/plan/limit-notice";
import type { Account } from "@/features/tracking/types";
import { usePlaces, useWriteAccess } from "@/features/tracking/use-tracking";
import { useWide } from "@/features/tracking/use-wide";
import { AccountMenu } from "./account-menu";
import { parseAsSort } from "./filters";
import { useAccountActs } from "./mutations";
import { toQuery } from "./queries";
import { AccountsHint, AccountsSkeleton, NoAccounts, NoMatch, Unavailable } from "./states";
import { AccountToolbar } from "./toolbar";
import { useAccountFilters, useAccounts } from "./use-accounts";

// Which of both is shown only the browser knows, so neither is in the server's page: their code comes after it.
const AccountsTable = dynamic(async () => (await import("./accounts-table")).AccountsTable, {
  ssr: false,
  loading: AccountsSkeleton,
});
const AccountCards = dynamic(async () => (await import("./accounts-cards")).AccountCards, {
  ssr: false,
  loading: AccountsSkeleton,
});
const BulkBar = dynamic(async () => (await import("./bulk-bar")).BulkBar, {
  ssr: false,
  loading: () => <div className="mb-3 h-8" />,
});
const AccountSheet = dynamic(async () => (await import("./account-sheet")).AccountSheet, { ssr: false });
const TrackDialog = dynamic(async () => (await import("./track-dialog")).TrackDialog, { ssr: false });
const EditDialog = dynamic(async () => (await import("./edit-dialog")).EditDialog, { ssr: false });
const RemoveDialog = dynamic(async () => (await import("./remove-dialog")).RemoveDialog, { ssr: false });

const HIDDEN = ["createdAt"];
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === "string");

export function AccountsView({ guildId }: { guildId: string }) {
  const [filters, setFilters] = useAccountFilters();
  const [sort, setSort] = useQueryState("sort", parseAsSort);
  const [shown, setShown] = useQueryState("open", parseAsString);
  const [tracking, setTracking] = useState(false);
  const [editing, setEditing] = useState<Account | null>(null);
  const [removing, setRemoving] = useState<Account | null>(null);
  const [selection, setSelection] = useState<RowSelectionState>({});
  const [hidden, setHidden] = useStored("trackbot:account-columns", HIDDEN, isNames);
  const places = usePlaces(guildId);
  const access = useWriteAccess(guildId);
  const list = useAccounts(guildId, filters);
  const acts = useAccountActs(guildId);
  const wide = useWide();

  const open = useCallback((account: Account) => void setShown(account.id), [setShown]);
  const actions = useMemo(() => ({ ...acts, edit: setEditing, remove: setRemoving }), [acts]);
  const menu = useCallback(
    (account: Account): ReactNode => <AccountMenu {...{ guildId, account, access, ...actions }} />,
    [guildId, access, actions],
  );
  const selected = list.known.filter((account) => selection[account.id]);
  const total = list.filtering ? list.accounts.length : list.total;

  const body = () => {
    if (list.error) return <Unavailable error={list.error} onRetry={list.refetch} retrying={list.isFetching} />;
    if (list.isPending || wide === null) return <AccountsSkeleton />;
    if (list.known.length === 0) return <NoAccounts canManage={access.canManage} onTrack={() => setTracking(true)} />;
    if (list.accounts.length === 0) return <NoMatch searching={!list.complete} />;
    const shared = { accounts: list.accounts, total, places, open, actions: menu };
    return wide ? (
      <AccountsTable
        {...shared}
        {...{ canManage: access.canManage, sort, onSort: setSort, hidden }}
        {...{ selection, onSelection: setSelection }}
      />
    ) : (
      <AccountCards {...shared} />
    );
  };

  return (
    <>
      <PageHeader
        title="Accounts"
        hint={<AccountsHint {...list} />}
        actions={
          access.canManage && (
            <>
              <ExportButton guildId={guildId} kind="accounts" filters={toQuery(filters)} />
              <ImportButton {...{ guildId, places, access }} />
              <Button
                variant="primary"
                onClick={() => setTracking(true)}
                disabled={access.blocked !== undefined}
                title={access.blocked}
              >
                <Plus aria-hidden />
                Track an account
              </Button>
            </>
          )
        }
      />
      <AccountsNotice guildId={guildId} />
      {selected.length > 0 ? (
        <BulkBar {...{ guildId, access }} accounts={selected} onClear={() => setSelection({})} />
      ) : (
        <AccountToolbar {...{ filters, places, hidden }} onChange={setFilters} onHiddenChange={setHidden} />
      )}
      {body()}
      <AccountSheet
        {...{ guildId, places, access, ...actions }}
        account={list.known.find((account) => account.id === shown) ?? null}
        onClose={() => void setShown(null)}
      />
      <TrackDialog
        {...{ guildId, places, access, groupId: filters.group }}
        open={tracking}
        onOpenChange={setTracking}
      />
      <EditDialog {...{ guildId, places, access }} account={editing} onClose={() => setEditing(null)} />
      <RemoveDialog
        guildId={guildId}
        account={removing}
        onClose={(removed) => {
          setRemoving(null);
          if (removed) void setShown(null);
        }}
      />
    </>
  );
}
