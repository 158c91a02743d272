"use client";

import type { Route } from "next";
import { Link } from "@/components/ui/link";
import { useGuild } from "@/features/guilds/use-guilds";
import { cn } from "@/lib/cn";
import { type Entry, guildHref, isCurrent, personalEntries, visibleSections } from "./navigation";

type NavProps = { guildId: string | undefined; pathname: string; onNavigate?: () => void };

/** The navigation of the sidebar and of the drawer: the guild's sections, or the pages of the person. */
export function NavLinks({ guildId, pathname, onNavigate }: NavProps) {
  const guild = useGuild(guildId);
  const sections = guildId ? visibleSections(guild?.canManage ?? false) : [{ label: null, entries: personalEntries }];
  const root = guildId ? guildHref(guildId) : "";
  return (
    <nav aria-label={guildId ? "Server" : "Account"} className="grid gap-4">
      {sections.map((section) => (
        <div key={section.label ?? "first"} className="grid gap-px">
          {section.label && <p className="px-2 pb-1 font-medium text-subtle text-xs">{section.label}</p>}
          <ul className="grid gap-px">
            {section.entries.map((entry) => (
              <li key={entry.path}>
                <NavLink entry={entry} root={root} pathname={pathname} onNavigate={onNavigate} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function NavLink({
  entry,
  root,
  pathname,
  onNavigate,
}: {
  entry: Entry;
  root: string;
  pathname: string;
  onNavigate?: () => void;
}) {
  const current = isCurrent(entry, pathname, root);
  return (
    <Link
      href={`${root}${entry.path}` as Route}
      aria-current={current ? "page" : undefined}
      onClick={onNavigate}
      className={cn(
        "focus-inset flex h-8 items-center gap-2.5 rounded-md px-2 text-sm pointer-coarse:h-11",
        current ? "bg-active font-medium text-fg" : "text-muted hover:bg-hover hover:text-fg",
      )}
    >
      <entry.icon aria-hidden="true" className={cn("size-4 shrink-0", current ? "text-accent-text" : "text-subtle")} />
      {entry.label}
    </Link>
  );
}
