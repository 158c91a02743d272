"use client";

import { lazy } from "react";
import { OnUse } from "@/components/ui/on-use";
import { useMe } from "@/features/account/use-me";
import { UserButton } from "./user-button";

const load = () => import("./user-menu-popup");
const Popup = lazy(async () => ({ default: (await load()).UserMenuPopup }));

export function UserMenu() {
  const me = useMe();
  return (
    <OnUse load={load} button={(on) => <UserButton me={me} {...on} />}>
      <Popup />
    </OnUse>
  );
}
