"use client";

import { useState } from "react";
import { IconButton } from "@/components/ui/button";
import { MenuIcon, Search } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { Sheet } from "@/components/ui/sheet";
import { useGuild } from "@/features/guilds/use-guilds";
import { useCommands } from "./commands";
import { Logo } from "./logo";
import { guildHref } from "./navigation";
import { Sidebar } from "./sidebar";

/** Below 1024 px: the drawer's button, where one is, the search. */
export function TopBar({ guildId, pathname }: { guildId: string | undefined; pathname: string }) {
  const [open, setOpen] = useState(false);
  const { openPalette } = useCommands();
  const guild = useGuild(guildId);
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-b bg-surface px-2 lg:hidden">
      <IconButton label="Open navigation" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}>
        <MenuIcon aria-hidden="true" />
      </IconButton>
      <Sheet open={open} onOpenChange={setOpen} side="left" title="Navigation" hideTitle>
        <Sidebar guildId={guildId} pathname={pathname} onNavigate={() => setOpen(false)} />
      </Sheet>
      <Link
        href={guildId ? guildHref(guildId) : "/"}
        className="flex min-w-0 items-center gap-2 rounded-md px-1 font-semibold text-sm"
      >
        <Logo className="size-5 shrink-0" />
        <span className="truncate">{guild?.name ?? "Trackbot"}</span>
      </Link>
      <IconButton label="Search" className="ml-auto" onClick={openPalette}>
        <Search aria-hidden="true" />
      </IconButton>
    </header>
  );
}
