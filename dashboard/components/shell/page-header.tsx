import type { Route } from "next";
import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";

type HeaderProps = {
  title: string;
  /** What the page is for, or how old its data is. */
  hint?: ReactNode;
  /** The way up, outermost first. */
  trail?: readonly { label: string; href: Route }[];
  actions?: ReactNode;
};

/** The page's one h1, with the way up and what can be done here. */
export function PageHeader({ title, hint, trail, actions }: HeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {trail && (
          <nav aria-label="Breadcrumb" className="mb-1">
            <ol className="flex flex-wrap items-center gap-1.5 text-muted text-xs">
              {trail.map((step) => (
                <li key={step.href} className="flex items-center gap-1.5">
                  <Link href={step.href} className="rounded hover:text-fg hover:underline">
                    {step.label}
                  </Link>
                  <span aria-hidden="true">/</span>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="truncate font-semibold text-xl/7 tracking-tight">{title}</h1>
        {hint && <div className="mt-0.5 text-muted text-sm">{hint}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
