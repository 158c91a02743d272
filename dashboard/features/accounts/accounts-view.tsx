"use client";

import type { RowSelectionState } from "@tanstack/react-table";
import { useCallback, useState } from "react";
import { useStored } from "@/components/data/use-stored";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Plus } from "@/components/ui/icons";
import { inBrowser, later } from "@/components/ui/in-browser";
import { ExportButton } from "@/features/exports/export-button";
import { ImportButton } from "@/features/import/import-button";
import type { Account } from "@/features/tracking/types";
import { usePlaces, useWriteAccess } from "@/features/tracking/use-tracking";
import { useWide } from "@/features/tracking/use-wide";
import { text } from "@/lib/url/params";
import { useParam } from "@/lib/url/use-params";
import { sortParam } from "./filters";
import { toQuery } from "./queries";
import { AccountsHint, AccountsSkeleton, NoMatch } from "./states";
import { AccountToolbar } from "./toolbar";
import { useAccountFilters, useAccounts } from "./use-accounts";
import { useFocusKept } from "./use-focus-kept";

// Which of both is shown only the browser knows, so neither is in the server's page: their code comes after it.
const AccountsTable = inBrowser(async () => (await import("./accounts-table")).AccountsTable, AccountsSkeleton);
const AccountCards = inBrowser(async () => (await import("./accounts-cards")).AccountCards, AccountsSkeleton);
const NoAccounts = later(async () => (await import("./nothing")).NoAccounts, AccountsSkeleton);
const Unavailable = later(async () => (await import("./nothing")).Unavailable, AccountsSkeleton);
const BulkBar = inBrowser(
  async () => (await import("./bulk-bar")).BulkBar,
  () => <div className="mb-3 h-8" />,
);
const AccountsNotice = later(async () => (await import("@/features/plan/limit-notice")).AccountsNotice);
const AccountSheet = inBrowser(async () => (await import("./account-sheet")).AccountSheet);
const TrackDialog = inBrowser(async () => (await import("./track-dialog")).TrackDialog);
const PlacesDialog = inBrowser(async () => (await import("./places-dialog")).PlacesDialog);
const EditDialog = inBrowser(async () => (await import("./edit-dialog")).EditDialog);
const RemoveDialog = inBrowser(async () => (await import("./remove-dialog")).RemoveDialog);

const openParam = text();
const HIDDEN = ["createdAt"];
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === "string");

export function AccountsView({ guildId }: { guildId: string }) {
  const [filters, setFilters] = useAccountFilters();
  const [sort, setSort] = useParam("sort", sortParam);
  const [shown, setShown] = useParam("open", openParam);
  const [tracking, setTracking] = useState(false);
  const [placing, setPlacing] = useState<boolean | null>(null);
  const [editing, setEditing] = useState<Account | null>(null);
  const [removing, setRemoving] = useState<Account | null>(null);
  const [selection, setSelection] = useState<RowSelectionState>({});
  const [hidden, setHidden] = useStored("trackbot:account-columns", HIDDEN, isNames);
  const places = usePlaces(guildId);
  const access = useWriteAccess(guildId);
  const list = useAccounts(guildId, filters);
  const wide = useWide();

  const open = useCallback((account: Account) => setShown(account.id), [setShown]);
  const menu = { guildId, access, edit: setEditing, remove: setRemoving };
  const selected = list.known.filter((account) => selection[account.id]);
  const select = (accounts: readonly Account[]) =>
    setSelection(Object.fromEntries(accounts.map(({ id }) => [id, true])));
  useFocusKept(selected.length > 0);
  const total = list.filtering ? list.accounts.length : list.total;

  const body = () => {
    if (list.error) return <Unavailable error={list.error} onRetry={list.refetch} retrying={list.isFetching} />;
    if (list.isPending || wide === null) return <AccountsSkeleton />;
    if (list.known.length === 0) return <NoAccounts canManage={access.canManage} onTrack={() => setTracking(true)} />;
    if (list.accounts.length === 0) return <NoMatch searching={!list.complete} />;
    const shared = { accounts: list.accounts, total, places, open, menu };
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
              <Button onClick={() => setPlacing(true)}>Brands</Button>
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
        <BulkBar {...{ guildId, places, access }} accounts={selected} onSelect={select} />
      ) : (
        <AccountToolbar {...{ filters, places, hidden }} onChange={setFilters} onHiddenChange={setHidden} />
      )}
      {body()}
      <AccountSheet
        {...{ ...menu, places }}
        account={list.known.find((account) => account.id === shown) ?? null}
        onClose={() => setShown(null)}
      />
      <TrackDialog
        {...{ guildId, places, access, groupId: filters.group }}
        open={tracking}
        onOpenChange={setTracking}
      />
      {placing !== null && (
        <PlacesDialog {...{ guildId, places, access }} accounts={list.known} open={placing} onOpenChange={setPlacing} />
      )}
      <EditDialog {...{ guildId, places, access }} account={editing} onClose={() => setEditing(null)} />
      <RemoveDialog
        guildId={guildId}
        account={removing}
        onClose={(removed) => {
          setRemoving(null);
          if (removed) setShown(null);
        }}
      />
    </>
  );
}
