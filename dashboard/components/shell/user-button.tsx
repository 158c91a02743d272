"use client";

import type { ComponentProps } from "react";
import { Avatar } from "@/components/ui/avatar";
import { ChevronsUpDown } from "@/components/ui/icons";
import { Skeleton } from "@/components/ui/skeleton";
import type { components } from "@/lib/schema";

type UserButtonProps = ComponentProps<"button"> & { me: components["schemas"]["Me"] | undefined };

export function UserButton({ me, ...props }: UserButtonProps) {
  const name = me ? (me.user.globalName ?? me.user.username) : null;
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`Your account${name ? `, ${name}` : ""}`}
      className="flex h-10 w-full items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover data-popup-open:bg-active pointer-coarse:h-12"
      {...props}
    >
      {me && name ? (
        <>
          <Avatar name={name} src={me.user.avatarUrl} className="size-6" />
          <span className="min-w-0 flex-1 truncate text-sm">{name}</span>
        </>
      ) : (
        <>
          <Skeleton className="size-6 rounded-full" />
          <Skeleton className="h-3.5 flex-1" />
        </>
      )}
      <ChevronsUpDown aria-hidden="true" className="size-3.5 text-subtle" />
    </button>
  );
}
