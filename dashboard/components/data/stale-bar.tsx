"use client";

import { CloudOff } from "@/components/ui/icons";
import { asOf } from "@/lib/format";
import { useLocale, useNow } from "@/lib/format-hooks";
import { useConnection } from "@/lib/query/provider";

/** "Stale, as of 12:03" while the API does not answer; announced, and empty otherwise. */
export function StaleBar() {
  const { status, lastSeen, tryNow } = useConnection();
  const now = useNow();
  const locale = useLocale();
  const stale = status === "stale";
  return (
    <div role="status" aria-live="polite" data-testid="stale-bar">
      {stale && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-amber-300 bg-amber-50 px-4 py-2 text-sm text-amber-950 dark:border-amber-800 dark:bg-amber-950 dark:text-amber-100">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          <strong className="font-medium">
            {lastSeen === null ? "Stale" : `Stale, as of ${asOf(lastSeen, now ?? lastSeen, locale)}`}
          </strong>
          <span>Trackbot does not answer. We keep trying; changes wait until then.</span>
          <button
            type="button"
            onClick={tryNow}
            className="ml-auto rounded-md border border-current/30 px-2 py-0.5 font-medium hover:bg-current/10"
          >
            Try now
          </button>
        </div>
      )}
    </div>
  );
}
