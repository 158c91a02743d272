import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";
import { ThemeToggle } from "@/components/shell/theme";
import { ThemeScript } from "@/components/shell/theme-script";
import { Link } from "@/components/ui/link";

export default function LegalLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <ThemeScript />
      <header className="border-b bg-surface">
        <div className="mx-auto flex h-14 max-w-3xl items-center gap-6 px-6">
          <Link href="/" prefetch={false} className="flex items-center gap-2 rounded-md font-semibold">
            <Logo />
            Trackbot
          </Link>
          <nav aria-label="Legal" className="ml-auto flex items-center gap-4 text-muted">
            <Link href="/terms" className="rounded hover:text-fg">
              Terms
            </Link>
            <Link href="/privacy" className="rounded hover:text-fg">
              Privacy
            </Link>
          </nav>
          <ThemeToggle />
        </div>
      </header>
      <main className="mx-auto max-w-3xl px-6 py-10">{children}</main>
    </>
  );
}
