"use client";

import { cloneElement, lazy, type ReactElement, useState } from "react";
import { OnUse } from "./on-use";
import type { PopoverPopupProps } from "./popover-popup";

const load = () => import("./popover-popup");
const PopoverPopup = lazy(async () => ({ default: (await load()).PopoverPopup }));

type PopoverProps = Omit<PopoverPopupProps, "open" | "onOpenChange" | "children"> & {
  /** `close` ends it when a choice is made. */
  children: (close: () => void) => PopoverPopupProps["children"];
};

/** A popover that is loaded when its button is used. */
export function Popover({ children, ...props }: PopoverProps) {
  const [open, setOpen] = useState(true);
  const trigger = props.trigger as ReactElement<Record<string, unknown>>;
  return (
    <OnUse
      load={load}
      button={(on) => cloneElement(trigger, { ...on, "aria-haspopup": "dialog", "aria-expanded": false })}
    >
      <PopoverPopup {...props} open={open} onOpenChange={setOpen}>
        {children(() => setOpen(false))}
      </PopoverPopup>
    </OnUse>
  );
}
