"use client";

import { RelativeTime } from "@/components/data/time";
import { Meter } from "@/components/ui/progress";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { quotaFreed, quotaLabel } from "./words";

type Quota = components["schemas"]["Quota"];

/** How much of one limit is used, and when or how it is free again. */
export function QuotaRow({ quota }: { quota: Quota }) {
  const locale = useLocale();
  const label = quotaLabel[quota.name];
  const text = `${number(quota.used, locale)} of ${number(quota.limit, locale)}`;
  const share = quota.limit > 0 ? quota.used / quota.limit : 1;
  return (
    <li>
      <p className="mb-1.5 flex items-baseline justify-between gap-4">
        <span className="font-medium">{label}</span>
        <span className="figures text-muted text-xs">{text}</span>
      </p>
      <Meter label={label} value={quota.used} max={quota.limit} text={text} />
      <p className="mt-1 text-muted text-xs">
        {share >= 1 ? (
          <span className="font-medium text-danger">Used up. </span>
        ) : share >= 0.8 ? (
          <span className="font-medium text-warning">Nearly used up. </span>
        ) : null}
        {!quota.resetsAt ? (
          quotaFreed[quota.name]
        ) : quota.name === "requestsPerMinute" ? (
          "All free again within a minute"
        ) : (
          <>
            Starts anew <RelativeTime at={quota.resetsAt} />
          </>
        )}
      </p>
    </li>
  );
}
