"use client";

import { buttonVariants } from "@/components/ui/button";
import { LayoutGrid, Search } from "@/components/ui/icons";
import { Kbd } from "@/components/ui/kbd";
import { Link } from "@/components/ui/link";
import { cn } from "@/lib/cn";
import { useCommands } from "./commands";
import { GuildSwitcher } from "./guild-switcher";
import { Logo } from "./logo";
import { NavLinks } from "./nav-links";
import { UserMenu } from "./user-menu";

type SidebarProps = {
  guildId: string | undefined;
  pathname: string;
  /** In the drawer: closes it. */
  onNavigate?: () => void;
};

export function Sidebar({ guildId, pathname, onNavigate }: SidebarProps) {
  const { openPalette, modifier } = useCommands();
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      <Link
        href="/"
        onClick={onNavigate}
        className="flex h-8 w-fit items-center gap-2 rounded-md px-1.5 font-semibold text-sm"
      >
        <Logo />
        Trackbot
      </Link>
      <GuildSwitcher guildId={guildId} onNavigate={onNavigate} />
      <button
        type="button"
        onClick={() => {
          onNavigate?.();
          openPalette();
        }}
        className={cn(buttonVariants({ variant: "secondary" }), "justify-start gap-2 px-2 font-normal text-muted")}
      >
        <Search aria-hidden="true" />
        Search
        <Kbd className="ml-auto pointer-coarse:hidden">{modifier} K</Kbd>
      </button>
      <div className="-mx-1 min-h-0 flex-1 overflow-y-auto px-1 py-1">
        <NavLinks guildId={guildId} pathname={pathname} onNavigate={onNavigate} />
      </div>
      {guildId && (
        <Link
          href="/"
          onClick={onNavigate}
          className="focus-inset flex h-8 items-center gap-2.5 rounded-md px-2 text-muted text-sm hover:bg-hover hover:text-fg pointer-coarse:h-11"
        >
          <LayoutGrid aria-hidden="true" className="size-4 text-subtle" />
          All servers
        </Link>
      )}
      <UserMenu />
    </div>
  );
}
