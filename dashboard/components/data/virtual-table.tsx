"use client";

import type { Row, RowData } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import { moveFocus } from "./row-focus";
import type { ColumnLayout, DataTable, Features } from "./table";
import { ColumnHeader } from "./table-header";

interface VirtualTableProps<T extends RowData> {
  table: DataTable<T>;
  layout: Record<string, ColumnLayout>;
  label: string;
  /** Pixels; every row has this height. */
  rowHeight: number;
  /** How many rows there are in all; "unknown" where the end is not loaded and nobody counts. */
  total: number | "unknown";
  /** Called when the last rows come near. */
  onNearEnd?: (() => void) | undefined;
  /** Called when the list comes to its top or leaves it. */
  onTop?: ((atTop: boolean) => void) | undefined;
  /** Below the last row. */
  footer?: ReactNode;
  className?: string;
}

const NEAR = 20;
const OVERSCAN = 12;

/** A table that renders the rows on screen only. Header and first column's links work as in any table. */
export function VirtualTable<T extends RowData>(props: VirtualTableProps<T>) {
  const { table, layout, label, rowHeight, total, onNearEnd, onTop, footer, className } = props;
  const scroller = useRef<HTMLElement>(null);
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN,
    initialRect: { width: 1024, height: 640 },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR) onNearEnd?.();
  }, [last, rows.length, onNearEnd]);

  const atTop = (virtual.scrollOffset ?? 0) < rowHeight;
  useEffect(() => onTop?.(atTop), [atTop, onTop]);

  const columns = table.getVisibleLeafColumns();
  const tracks = columns.map((column) => layout[column.id]?.track ?? "1fr").join(" ");
  const shown = columns.map((column) => column.id).join();
  return (
    <section
      ref={scroller}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={cn("focus-inset relative overflow-auto overscroll-contain", className)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows placed by the virtualizer cannot be those of a table element */}
      <div
        role="table"
        aria-label={label}
        aria-rowcount={total === "unknown" ? -1 : total + 1}
        aria-colcount={columns.length}
        className="min-w-max text-sm"
        onKeyDown={(event) => moveFocus(event, rows.length, (index) => virtual.scrollToIndex(index))}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div role="rowgroup" className="sticky top-0 z-10 border-b bg-surface">
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: a row is not interactive */}
          <div role="row" aria-rowindex={1} className="grid" style={{ gridTemplateColumns: tracks }}>
            {table.getHeaderGroups().map((group) =>
              group.headers.map((header) => (
                <ColumnHeader key={header.id} column={header.column} layout={layout[header.column.id]}>
                  <table.FlexRender header={header} />
                </ColumnHeader>
              )),
            )}
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <TableRow
                  key={row.id}
                  row={row as Row<Features, RowData>}
                  original={row.original}
                  table={table as unknown as DataTable<RowData>}
                  layout={layout}
                  {...{ tracks, shown, selected: row.getIsSelected(), columns: table.options.columns }}
                  {...{ index: item.index, top: item.start, height: rowHeight }}
                />
              )
            );
          })}
        </div>
      </div>
      {footer}
    </section>
  );
}

interface RowProps {
  row: Row<Features, RowData>;
  /** Stands among the props so that a row with new data is drawn again, and no other. */
  original: unknown;
  table: DataTable<RowData>;
  layout: Record<string, ColumnLayout>;
  tracks: string;
  shown: string;
  /** The definitions close over what cells show besides their row. */
  columns: unknown;
  selected: boolean;
  index: number;
  top: number;
  height: number;
}

const TableRow = memo(
  function TableRow({ row, table, layout, tracks, selected, index, top, height }: RowProps) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: see VirtualTable
      // biome-ignore lint/a11y/useFocusableInteractive: a row is not interactive
      <div
        role="row"
        aria-rowindex={index + 2}
        data-selected={selected || undefined}
        data-row={index}
        className="group absolute inset-x-0 grid border-b hover:bg-hover data-selected:bg-accent-soft"
        style={{ gridTemplateColumns: tracks, height, transform: `translateY(${top}px)` }}
      >
        {row.getVisibleCells().map((cell) => (
          // biome-ignore lint/a11y/useSemanticElements: see VirtualTable
          <div
            key={cell.id}
            role="cell"
            className={cn(
              "flex min-w-0 items-center px-3",
              layout[cell.column.id]?.numeric && "figures justify-end text-right",
            )}
          >
            <table.FlexRender cell={cell} />
          </div>
        ))}
      </div>
    );
  },
  (before, after) =>
    before.original === after.original &&
    before.selected === after.selected &&
    before.shown === after.shown &&
    before.columns === after.columns &&
    before.top === after.top &&
    before.index === after.index &&
    before.layout === after.layout,
);
