"use client";

import { type RowSelectionState, type SortingState, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { features } from "@/components/data/table";
import { VirtualTable } from "@/components/data/virtual-table";
import type { Account } from "@/features/tracking/types";
import type { Places } from "@/features/tracking/use-tracking";
import { useLocale } from "@/lib/format-hooks";
import { type MenuOf, useAccountMenu } from "./account-menu";
import { accountColumns } from "./columns";
import { DEFAULT_SORT, type Sort, type SortKey } from "./filters";
import { accountLayout } from "./layout";

interface AccountsTableProps {
  accounts: Account[];
  /** How many match in all. */
  total: number;
  places: Places;
  canManage: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
  hidden: readonly string[];
  selection: RowSelectionState;
  onSelection: (selection: RowSelectionState) => void;
  open: (account: Account) => void;
  menu: MenuOf;
}

const ROW = 56;
const rowId = (account: Account) => account.id;

export function AccountsTable(props: AccountsTableProps) {
  const { accounts, total, places, canManage, sort, onSort, hidden, selection, onSelection, open, menu } = props;
  const locale = useLocale();
  const actions = useAccountMenu(menu);
  const columns = useMemo(
    () => accountColumns({ places, canManage, locale, open, actions }),
    [places, canManage, locale, open, actions],
  );
  const sorting = useMemo<SortingState>(() => [sort], [sort]);
  const columnVisibility = useMemo(() => Object.fromEntries(hidden.map((id) => [id, false])), [hidden]);
  const table = useTable({
    features,
    columns,
    data: accounts,
    getRowId: rowId,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting, columnVisibility, rowSelection: selection },
    onSortingChange: (update) => {
      const next = (typeof update === "function" ? update(sorting) : update)[0];
      onSort(next ? { id: next.id as SortKey, desc: next.desc } : DEFAULT_SORT);
    },
    onRowSelectionChange: (update) => onSelection(typeof update === "function" ? update(selection) : update),
  });
  return (
    <VirtualTable
      {...{ table, total }}
      layout={accountLayout}
      label="Accounts"
      rowHeight={ROW}
      className="max-h-[max(20rem,calc(100dvh-11.5rem))] rounded-lg border bg-surface shadow-card"
    />
  );
}
