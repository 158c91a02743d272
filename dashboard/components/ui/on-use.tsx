"use client";

import { type ReactNode, Suspense, startTransition, useState } from "react";

export type OnUseEvents = { onClick: () => void; onPointerEnter: () => void; onFocus: () => void };

type OnUseProps = {
  /** Fetches the code of `children`. */
  load: () => Promise<unknown>;
  /** What stands for the control until it is used. */
  button: (on: OnUseEvents) => ReactNode;
  /** The control, of a lazy component; it opens as soon as it is there. */
  children: ReactNode;
};

/**
 * A control whose code comes when it is used: pointing at its button or focusing it begins the loading. The button keeps
 * its place and its focus until the code is here; where that fails it can be pressed again.
 */
export function OnUse({ load, button, children }: OnUseProps) {
  const [used, setUsed] = useState(false);
  const ahead = () => void load().catch(() => undefined);
  const use = () =>
    void load().then(
      () => startTransition(() => setUsed(true)),
      () => undefined,
    );
  const waiting = button({ onClick: use, onPointerEnter: ahead, onFocus: ahead });
  return <Suspense fallback={waiting}>{used ? children : waiting}</Suspense>;
}
