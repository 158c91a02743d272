import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={cn(
        "inline-grid h-5 min-w-5 place-items-center rounded border bg-sunken px-1 font-sans text-2xs text-muted",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
