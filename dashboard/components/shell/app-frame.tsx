"use client";

import { useParams, usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Toaster } from "@/components/ui/toast";
import { BottomBar } from "./bottom-bar";
import { CommandProvider } from "./commands";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

type FrameProps = {
  /** What concerns every page, above it: that the data is stale. */
  banner?: ReactNode;
  children: ReactNode;
};

/** The frame of every page behind the sign-in: sidebar from 1024 px, bar at the bottom and a drawer below. */
export function AppFrame({ banner, children }: FrameProps) {
  const { guildId } = useParams<{ guildId?: string }>();
  const pathname = usePathname();
  return (
    <CommandProvider guildId={guildId}>
      <a
        href="#content"
        className="-translate-y-20 fixed top-2 left-2 z-50 rounded-md bg-accent px-3 py-2 font-medium text-accent-fg focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh border-r bg-sunken lg:block">
          <Sidebar guildId={guildId} pathname={pathname} />
        </aside>
        <div className="flex min-h-dvh min-w-0 flex-col">
          <TopBar guildId={guildId} pathname={pathname} />
          {banner}
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto w-full max-w-360 flex-1 px-4 pt-5 pb-24 outline-none sm:px-6 md:pb-10 lg:px-8 lg:pt-7"
          >
            {children}
          </main>
          <BottomBar guildId={guildId} pathname={pathname} />
        </div>
      </div>
      <Toaster />
    </CommandProvider>
  );
}
