import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { Icon as IconType } from "./icons";

type EmptyProps = {
  icon: IconType;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  action?: ReactNode;
  /** The heading's rank on the page. */
  as?: "h1" | "h2" | "h3";
  className?: string;
};

export function EmptyState({ icon: Icon, title, children, action, as: Heading = "h2", className }: EmptyProps) {
  return (
    <div className={cn("mx-auto flex max-w-md flex-col items-center px-4 text-center base:py-12", className)}>
      <span className="mb-4 grid size-10 place-items-center rounded-lg border bg-surface text-muted shadow-card">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <Heading className="font-semibold text-base">{title}</Heading>
      {children && <div className="mt-1 text-muted text-sm">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
