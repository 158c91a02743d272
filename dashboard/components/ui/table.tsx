import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

/**
 * A table in a frame that scrolls sideways when it is wider than the screen. `caption` names it, unseen. The frame is
 * positioned: words for screen readers alone, which are placed absolutely, would else widen the page.
 */
export function Table({ caption, className, children, ...props }: ComponentProps<"table"> & { caption: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={caption} tabIndex={0} className="focus-inset relative overflow-x-auto">
      <table className={cn("w-full border-collapse text-left text-sm", className)} {...props}>
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export const thClass =
  "whitespace-nowrap px-3 base:text-left base:h-9 base:border-b base:font-medium base:text-muted base:text-xs";
export const tdClass = "px-3 align-middle base:h-10 base:py-2";
export const trClass = "border-b last:border-b-0 hover:bg-hover";

export function Th({ className, numeric, ...props }: ComponentProps<"th"> & { numeric?: boolean }) {
  return <th scope="col" className={cn(thClass, numeric && "text-right", className)} {...props} />;
}

export function Td({ className, numeric, ...props }: ComponentProps<"td"> & { numeric?: boolean }) {
  return <td className={cn(tdClass, numeric && "figures text-right", className)} {...props} />;
}

export function Tr({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn(trClass, className)} {...props} />;
}

/** Label and value pairs. */
export function Facts({
  items,
  className,
}: {
  items: readonly (readonly [label: string, value: ReactNode])[];
  className?: string;
}) {
  return (
    <dl className={cn("grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm", className)}>
      {items.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
