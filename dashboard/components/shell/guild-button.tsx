"use client";

import type { ComponentProps } from "react";
import { Avatar } from "@/components/ui/avatar";
import { ChevronsUpDown, LayoutGrid } from "@/components/ui/icons";
import type { Guild } from "@/features/guilds/queries";

type GuildButtonProps = ComponentProps<"button"> & { guild: Pick<Guild, "name" | "iconUrl"> | undefined };

export function GuildButton({ guild, ...props }: GuildButtonProps) {
  return (
    <button
      type="button"
      aria-haspopup="listbox"
      aria-label={`Switch server${guild ? `, now ${guild.name}` : ""}`}
      className="flex h-10 w-full items-center gap-2 rounded-md border border-line-strong bg-surface px-2 text-left shadow-card hover:bg-hover pointer-coarse:h-12"
      {...props}
    >
      {guild ? (
        <Avatar name={guild.name} src={guild.iconUrl} square className="size-6" />
      ) : (
        <LayoutGrid aria-hidden="true" className="mx-1 size-4 text-subtle" />
      )}
      <span className="min-w-0 flex-1 truncate font-medium text-sm">{guild?.name ?? "All servers"}</span>
      <ChevronsUpDown aria-hidden="true" className="size-3.5 text-subtle" />
    </button>
  );
}
