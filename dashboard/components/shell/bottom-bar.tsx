"use client";

import type { Route } from "next";
import { Link } from "@/components/ui/link";
import { cn } from "@/lib/cn";
import { guildHref, guildSections, isCurrent, personalEntries } from "./navigation";

/** The pages one goes to most, under the thumb. All others are in the drawer. */
export function BottomBar({ guildId, pathname }: { guildId: string | undefined; pathname: string }) {
  const all = guildId ? guildSections.flatMap((section) => section.entries) : personalEntries;
  const root = guildId ? guildHref(guildId) : "";
  return (
    <nav
      aria-label="Quick"
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex">
        {all
          .filter((entry) => entry.bar)
          .map((entry) => {
            const current = isCurrent(entry, pathname, root);
            return (
              <li key={entry.path} className="flex-1">
                <Link
                  href={`${root}${entry.path}` as Route}
                  aria-current={current ? "page" : undefined}
                  className={cn(
                    "focus-inset flex h-14 flex-col items-center justify-center gap-1 font-medium text-2xs",
                    current ? "text-accent-text" : "text-muted",
                  )}
                >
                  <entry.icon aria-hidden="true" className="size-5" />
                  {entry.label}
                </Link>
              </li>
            );
          })}
      </ul>
    </nav>
  );
}
