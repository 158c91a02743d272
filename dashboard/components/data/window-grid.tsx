"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { moveFocus } from "./row-focus";

interface WindowGridProps<T> {
  items: readonly T[];
  id: (item: T) => string;
  render: (item: T) => ReactNode;
  label: string;
  /** How many there are in all; "unknown" where the end is not loaded and nobody counts. */
  total: number | "unknown";
  /** A first guess of an item's height in pixels; the real one is measured. */
  estimate: number;
  /** The least width of an item in pixels; without it there is one column. */
  minWidth?: number;
  /** Called when the last items come near. */
  onNearEnd?: (() => void) | undefined;
  onTop?: ((atTop: boolean) => void) | undefined;
}

const GAP = 12;
const OVERSCAN = 4;

/** A list or grid that scrolls with the page and renders what is on screen only. */
export function WindowGrid<T>(props: WindowGridProps<T>) {
  const { items, id, render, label, total, estimate, minWidth, onNearEnd, onTop } = props;
  const list = useRef<HTMLDivElement>(null);
  const { top, width } = usePlace(list);
  const columns = minWidth ? Math.max(1, Math.floor((width + GAP) / (minWidth + GAP))) : 1;
  const rows = Math.ceil(items.length / columns);
  const virtual = useWindowVirtualizer({
    count: rows,
    estimateSize: () => estimate,
    getItemKey: (row) => {
      const item = items[row * columns];
      return item === undefined ? row : id(item);
    },
    gap: GAP,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows > 0 && last >= rows - OVERSCAN * 2) onNearEnd?.();
  }, [last, rows, onNearEnd]);
  const atTop = (virtual.scrollOffset ?? 0) < top + estimate;
  useEffect(() => onTop?.(atTop), [atTop, onTop]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a list whose items are placed by the virtualizer
    <div
      ref={list}
      role="list"
      aria-label={label}
      className="relative"
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={(event) =>
        moveFocus(event, items.length, (index) => virtual.scrollToIndex(Math.floor(index / columns)))
      }
    >
      {shown.map((row) => (
        <div
          key={row.key}
          ref={virtual.measureElement}
          data-index={row.index}
          role="presentation"
          className="absolute inset-x-0 grid"
          style={{
            transform: `translateY(${row.start - top}px)`,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            gap: GAP,
          }}
        >
          {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <div
              key={id(item)}
              role="listitem"
              aria-setsize={total === "unknown" ? -1 : total}
              aria-posinset={row.index * columns + column + 1}
              data-row={row.index * columns + column}
            >
              {render(item)}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Where the list begins on the page and how wide it is. */
function usePlace(list: React.RefObject<HTMLDivElement | null>) {
  const [place, setPlace] = useState({ top: 0, width: 0 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      const top = Math.round(element.getBoundingClientRect().top + window.scrollY);
      const width = element.clientWidth;
      setPlace((before) => (before.top === top && before.width === width ? before : { top, width }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return place;
}
