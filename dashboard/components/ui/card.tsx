import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section className={cn("rounded-lg border bg-surface shadow-card", className)} {...props} />;
}

type HeaderProps = { title: ReactNode; hint?: ReactNode; actions?: ReactNode; id?: string; className?: string };

/** The card's title. Give it an id and the card `aria-labelledby` where the card is a region of its own. */
export function CardHeader({ title, hint, actions, id, className }: HeaderProps) {
  return (
    <header
      className={cn("flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-3.5", className)}
    >
      <div className="min-w-0">
        <h2 id={id} className="font-semibold text-sm">
          {title}
        </h2>
        {hint && <p className="mt-0.5 text-muted text-xs">{hint}</p>}
      </div>
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </header>
  );
}

export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("px-4 pb-4", className)} {...props} />;
}
