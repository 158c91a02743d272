"use client";

import { lazy } from "react";
import { OnceOpen } from "./once-open";
import type { SheetPopupProps } from "./sheet-popup";

const SheetPopup = lazy(async () => ({ default: (await import("./sheet-popup")).SheetPopup }));

/** A dialog that comes from an edge, loaded when it opens first. */
export function Sheet(props: SheetPopupProps) {
  return (
    <OnceOpen open={props.open}>
      <SheetPopup {...props} />
    </OnceOpen>
  );
}
