"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { ConfirmDialog } from "@/components/ui/dialog";
import { guardLeaving } from "@/lib/leave-guard";

/** Asks before links, keys, the palette or the browser leave a page with changes that are not saved. Render what it returns. */
export function useLeaveGuard(dirty: boolean): ReactNode {
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    const click = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
      if (!link || link.target === "_blank" || link.origin !== window.location.origin) return;
      if (link.pathname === window.location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(link.pathname + link.search);
    };
    window.addEventListener("beforeunload", unload);
    document.addEventListener("click", click, true);
    const unguard = guardLeaving((href) => {
      if (new URL(href, window.location.href).pathname === window.location.pathname) return false;
      setTarget(href);
      return true;
    });
    return () => {
      unguard();
      window.removeEventListener("beforeunload", unload);
      document.removeEventListener("click", click, true);
    };
  }, [dirty]);
  return (
    <ConfirmDialog
      open={target !== null}
      onOpenChange={(open) => !open && setTarget(null)}
      title="Leave without saving?"
      description="What you changed on this page is lost."
      action="Leave"
      danger
      onConfirm={() => {
        if (target !== null) router.push(target as Route);
        setTarget(null);
      }}
    />
  );
}
