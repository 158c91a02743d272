import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import type { Icon } from "@/components/ui/icons";
import { Logo } from "./logo";

type PlainProps = { icon: Icon; title: string; action: ReactNode; children: ReactNode };

/** A page outside of the frame that says one thing. */
export function PlainPage({ icon, title, action, children }: PlainProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="px-6 py-5">
        {/* No Link: every page loads first what the page for what does not exist is made of. */}
        <a href="/" className="flex w-fit items-center gap-2 rounded-md font-semibold">
          <Logo />
          Trackbot
        </a>
      </header>
      <main className="flex flex-1 items-center pb-24">
        <EmptyState icon={icon} as="h1" title={title} action={action}>
          {children}
        </EmptyState>
      </main>
    </div>
  );
}
