"use client";

import { AlertDialog as BaseAlert } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { X } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { Button, IconButton } from "./button";
import { useFocusBefore } from "./once-open";

export const backdropClass =
  "fixed inset-0 z-40 bg-overlay transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";
const centred =
  "popup fixed top-[max(1rem,12vh)] left-1/2 z-50 flex max-h-[calc(100dvh-max(1rem,12vh)-1rem)] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-xl data-ending-style:-translate-x-1/2 data-starting-style:-translate-x-1/2";

export type DialogPopupProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** Buttons at the end: the way out first, the action last. */
  footer?: ReactNode;
  className?: string;
  children?: ReactNode;
};

export function DialogPopup(props: DialogPopupProps) {
  const { open, onOpenChange, title, description, footer, className, children } = props;
  const finalFocus = useFocusBefore(open);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup finalFocus={finalFocus} className={cn(centred, "base:max-w-lg", className)}>
          <header className="flex items-start justify-between gap-4 p-5 pb-3">
            <div className="grid gap-1">
              <Base.Title className="font-semibold text-base">{title}</Base.Title>
              {description && <Base.Description className="text-muted text-sm">{description}</Base.Description>}
            </div>
            <Base.Close render={<IconButton label="Close" size="icon-sm" className="-mt-1 -mr-1.5" />}>
              <X aria-hidden="true" />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          {footer && (
            <footer className="flex justify-end gap-2 border-t bg-sunken px-5 py-3 [&]:rounded-b-xl">{footer}</footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export type ConfirmPopupProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  /** What the action does, as its button says it. */
  action: string;
  onConfirm: () => void;
  danger?: boolean;
  pending?: boolean;
  children?: ReactNode;
};

/** Asks before something that cannot be undone. Stays open while `pending`; the caller closes it. */
export function ConfirmPopup(props: ConfirmPopupProps) {
  const { open, onOpenChange, title, description, action, onConfirm, danger, pending, children } = props;
  const finalFocus = useFocusBefore(open);
  return (
    <BaseAlert.Root open={open} onOpenChange={onOpenChange}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop className={backdropClass} />
        <BaseAlert.Popup finalFocus={finalFocus} className={cn(centred, "max-w-md gap-1.5 p-5")}>
          <BaseAlert.Title className="font-semibold text-base">{title}</BaseAlert.Title>
          <BaseAlert.Description className="text-muted text-sm">{description}</BaseAlert.Description>
          {children}
          <div className="mt-4 flex justify-end gap-2">
            <BaseAlert.Close render={<Button variant="secondary">Cancel</Button>} />
            <Button variant={danger ? "danger" : "primary"} pending={pending} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </BaseAlert.Popup>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}
