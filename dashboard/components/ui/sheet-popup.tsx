"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { X } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { IconButton } from "./button";
import { backdropClass } from "./dialog-popup";
import { useFocusBefore } from "./once-open";

export type SheetPopupProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** The title is read out but not shown. */
  hideTitle?: boolean;
  side?: "left" | "right" | "bottom";
  footer?: ReactNode;
  className?: string;
  children: ReactNode;
};

const sides = {
  left: "inset-y-0 left-0 w-[min(20rem,calc(100vw-3rem))] border-r data-starting-style:-translate-x-full data-ending-style:-translate-x-full",
  right:
    "inset-y-0 right-0 w-[min(28rem,100vw)] border-l data-starting-style:translate-x-full data-ending-style:translate-x-full",
  bottom:
    "inset-x-0 bottom-0 max-h-[85dvh] rounded-t-xl border-t pb-[env(safe-area-inset-bottom)] data-starting-style:translate-y-full data-ending-style:translate-y-full",
};

/** A dialog that comes from an edge: details beside a list, navigation on a phone. */
export function SheetPopup({
  open,
  onOpenChange,
  title,
  hideTitle,
  side = "right",
  footer,
  className,
  children,
}: SheetPopupProps) {
  const finalFocus = useFocusBefore(open);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup
          finalFocus={finalFocus}
          className={cn(
            "fixed z-50 flex flex-col bg-raised text-fg shadow-raised outline-none transition-transform duration-200 ease-out",
            sides[side],
            className,
          )}
        >
          <header
            className={cn("flex items-center justify-between gap-4 border-b px-4 py-2.5", hideTitle && "sr-only")}
          >
            <Base.Title className="font-semibold text-sm">{title}</Base.Title>
            <Base.Close render={<IconButton label="Close" size="icon-sm" />}>
              <X aria-hidden="true" />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
