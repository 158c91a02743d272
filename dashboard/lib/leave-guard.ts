"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useCallback } from "react";

/** Says whether it takes care of leaving for `href` itself, because something would be lost. */
type Guard = (href: string) => boolean;

let guard: Guard | undefined;

/** Asks `next` before the page is left by useGo, until the returned function is called. One page has one guard. */
export function guardLeaving(next: Guard): () => void {
  guard = next;
  return () => {
    if (guard === next) guard = undefined;
  };
}

/** Leads to another page as a link does: a page with unsaved changes may ask first. For keys, palette and pickers. */
export function useGo(): (href: Route) => void {
  const router = useRouter();
  return useCallback(
    (href) => {
      if (!guard?.(href)) router.push(href);
    },
    [router],
  );
}
