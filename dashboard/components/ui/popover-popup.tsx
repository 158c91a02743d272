"use client";

import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/lib/cn";

export type PopoverPopupProps = {
  trigger: ReactElement;
  /** Names the popup for people who do not see it. */
  label: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  className?: string;
  children: ReactNode;
};

export function PopoverPopup({
  trigger,
  label,
  open,
  onOpenChange,
  align = "start",
  side = "bottom",
  className,
  children,
}: PopoverPopupProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup aria-label={label} className={cn("popup p-3 base:max-w-[calc(100vw-1rem)]", className)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
