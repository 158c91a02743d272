"use client";

import { date, exactTime, millis, NONE, relativeTime } from "@/lib/format";
import { useLocale, useNow } from "@/lib/format-hooks";

interface RelativeTimeProps {
  at: string | number | Date | null | undefined;
  /** What stands for no time, such as "never". */
  none?: string;
  className?: string;
}

/** A relative time with the exact one on hover and for assistive technology. */
export function RelativeTime({ at, none = NONE, className }: RelativeTimeProps) {
  const now = useNow();
  const locale = useLocale();
  const time = millis(at);
  if (time === null) return <span className={className}>{none}</span>;
  const iso = new Date(time).toISOString();
  if (now === null) {
    return (
      <time dateTime={iso} className={className}>
        {date(time, "en", "UTC")}
      </time>
    );
  }
  return (
    <time dateTime={iso} title={exactTime(time, locale)} className={className}>
      {relativeTime(time, now, locale)}
    </time>
  );
}
