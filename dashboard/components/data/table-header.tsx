import type { Column, RowData } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import type { ColumnLayout, Features } from "./table";

interface ColumnHeaderProps<T extends RowData> {
  column: Column<Features, T>;
  layout: ColumnLayout | undefined;
  children: ReactNode;
}

const order = { asc: "ascending", desc: "descending" } as const;
const arrows = { asc: ArrowUp, desc: ArrowDown } as const;

/** A header that sorts where its column can. */
export function ColumnHeader<T extends RowData>({ column, layout, children }: ColumnHeaderProps<T>) {
  const sorted = column.getIsSorted();
  const Arrow = sorted ? arrows[sorted] : ChevronsUpDown;
  const side = layout?.numeric && "justify-end";
  return (
    // biome-ignore lint/a11y/useSemanticElements: see VirtualTable
    // biome-ignore lint/a11y/useFocusableInteractive: its button is what takes the focus
    <div
      role="columnheader"
      aria-sort={sorted ? order[sorted] : undefined}
      className={cn("flex h-9 min-w-0 items-center px-3 font-medium text-muted text-xs", side)}
    >
      {column.getCanSort() ? (
        <button
          type="button"
          onClick={column.getToggleSortingHandler()}
          className="-mx-1.5 flex min-w-0 items-center gap-1 rounded px-1.5 py-1 hover:bg-hover hover:text-fg"
        >
          <span className="truncate">{children}</span>
          <Arrow aria-hidden className={cn("size-3 shrink-0", !sorted && "opacity-40")} />
        </button>
      ) : (
        <span className="truncate">{children}</span>
      )}
    </div>
  );
}
