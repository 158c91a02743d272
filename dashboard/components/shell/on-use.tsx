"use client";

import { type ReactNode, Suspense, useState } from "react";

type OnUseProps = {
  /** Fetches the code of `children` ahead. */
  load: () => Promise<unknown>;
  /** What stands for the control until it is used. */
  button: (on: { onClick: () => void; onPointerEnter: () => void; onFocus: () => void }) => ReactNode;
  /** The control, of a lazy component; it opens as soon as it is there. */
  children: ReactNode;
};

/** A control whose code comes when it is used: pointing at its button or focusing it begins the loading. */
export function OnUse({ load, button, children }: OnUseProps) {
  const [used, setUsed] = useState(false);
  const ahead = () => void load().catch(() => undefined);
  const waiting = button({ onClick: () => setUsed(true), onPointerEnter: ahead, onFocus: ahead });
  return used ? <Suspense fallback={waiting}>{children}</Suspense> : waiting;
}
