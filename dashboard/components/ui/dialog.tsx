"use client";

import { cloneElement, createContext, lazy, type ReactElement, useContext, useState } from "react";
import type { ConfirmPopupProps, DialogPopupProps } from "./dialog-popup";
import { OnceOpen } from "./once-open";

const load = () => import("./dialog-popup");
const DialogPopup = lazy(async () => ({ default: (await load()).DialogPopup }));
const ConfirmPopup = lazy(async () => ({ default: (await load()).ConfirmPopup }));
const Close = createContext<() => void>(() => {});

type Trigger = ReactElement<{ onClick?: () => void; onPointerEnter?: () => void; onFocus?: () => void }>;

/** A dialog that is loaded when it opens first. */
export function Dialog(props: DialogPopupProps) {
  const { open, onOpenChange } = props;
  return (
    <Close value={() => onOpenChange(false)}>
      <OnceOpen open={open}>
        <DialogPopup {...props} />
      </OnceOpen>
    </Close>
  );
}

/** A button inside of a dialog that closes it. */
export function DialogClose({ render }: { render: ReactElement<{ onClick?: () => void }> }) {
  return cloneElement(render, { onClick: useContext(Close) });
}

type ConfirmProps = Omit<ConfirmPopupProps, "open" | "onOpenChange"> & {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** The button that opens it, unless `open` is held by the caller. */
  trigger?: Trigger;
};

/** Asks before something that cannot be undone. Stays open while `pending`; the caller closes it. */
export function ConfirmDialog({ trigger, open: given, onOpenChange, ...props }: ConfirmProps) {
  const [own, setOwn] = useState(false);
  const open = given ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const ahead = () => void load().catch(() => undefined);
  return (
    <>
      {trigger && cloneElement(trigger, { onClick: () => change(true), onPointerEnter: ahead, onFocus: ahead })}
      <OnceOpen open={open}>
        <ConfirmPopup {...props} open={open} onOpenChange={change} />
      </OnceOpen>
    </>
  );
}
