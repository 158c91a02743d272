"use client";

import { useEffect, useRef } from "react";

/** A bar that goes takes the focus in it along: whoever uses a keyboard then goes on at the page's beginning. */
export function useFocusKept(there: boolean): void {
  const was = useRef(there);
  useEffect(() => {
    const gone = was.current && !there;
    was.current = there;
    if (!gone) return;
    // A dialog of the bar gives the focus back first, to what is no more.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.getElementById("content")?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [there]);
}
