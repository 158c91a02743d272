"use client";

import { type ReactNode, Suspense, useState } from "react";

/** Renders from the first opening on, so that the code of a dialog is not asked for before and its closing can be seen. */
export function OnceOpen({ open, children }: { open: boolean; children: ReactNode }) {
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  return opened ? <Suspense fallback={null}>{children}</Suspense> : null;
}
