"use client";

import { cloneElement, lazy, type ReactElement } from "react";
import type { MenuPopupProps } from "./menu-popup";
import { OnUse } from "./on-use";

const load = () => import("./menu-popup");
const MenuPopup = lazy(async () => ({ default: (await load()).MenuPopup }));

/** A menu that is loaded when its button is used. */
export function Menu(props: Omit<MenuPopupProps, "defaultOpen">) {
  const trigger = props.trigger as ReactElement<Record<string, unknown>>;
  return (
    <OnUse
      load={load}
      button={(on) => cloneElement(trigger, { ...on, "aria-haspopup": "menu", "aria-expanded": false })}
    >
      <MenuPopup {...props} defaultOpen />
    </OnUse>
  );
}

export const MenuItem = lazy(async () => ({ default: (await load()).MenuItem }));
export const MenuLink = lazy(async () => ({ default: (await load()).MenuLink }));
export const MenuCheckbox = lazy(async () => ({ default: (await load()).MenuCheckbox }));
export const MenuSeparator = lazy(async () => ({ default: (await load()).MenuSeparator }));
