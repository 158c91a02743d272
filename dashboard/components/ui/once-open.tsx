"use client";

import { type ReactNode, Suspense, useRef, useState } from "react";

/** Renders from the first opening on, so that the code of a dialog is not asked for before and its closing can be seen. */
export function OnceOpen({ open, children }: { open: boolean; children: ReactNode }) {
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  return opened ? <Suspense fallback={null}>{children}</Suspense> : null;
}

/**
 * Where the focus goes when a dialog closes: to what had it before. Read while rendering, since a field that takes the
 * focus by itself has it before the dialog looks; an entry of a menu that is gone by then leaves it to the dialog.
 */
export function useFocusBefore(open: boolean): () => HTMLElement | true {
  const before = useRef<Element | null>(null);
  const was = useRef(false);
  if (open && !was.current) before.current = document.activeElement;
  was.current = open;
  return () => (before.current instanceof HTMLElement && before.current.isConnected ? before.current : true);
}
