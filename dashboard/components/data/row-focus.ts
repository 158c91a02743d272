import type { KeyboardEvent } from "react";

/** Marks the one control of a row that the arrow keys lead to. */
export const rowLink = { "data-row-link": "" } as const;

const steps: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Moves the focus from row to row with the arrow keys, Home and End, also to rows that are not rendered yet. */
export function moveFocus(event: KeyboardEvent<HTMLElement>, count: number, reveal: (index: number) => void): void {
  const step = steps[event.key];
  const from = event.target instanceof HTMLElement ? event.target : null;
  if (!step || !from?.hasAttribute("data-row-link")) return;
  const index = Number(from.closest<HTMLElement>("[data-row]")?.dataset.row);
  if (!Number.isInteger(index)) return;
  event.preventDefault();
  const next = step(index, count);
  const list = event.currentTarget;
  const focus = () => {
    const link = list.querySelector<HTMLElement>(`[data-row="${next}"] [data-row-link]`);
    link?.focus({ preventScroll: true });
    return link !== null;
  };
  reveal(next);
  if (!focus()) requestAnimationFrame(() => requestAnimationFrame(focus));
}
