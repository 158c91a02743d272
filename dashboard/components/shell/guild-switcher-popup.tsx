"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Avatar } from "@/components/ui/avatar";
import { Dot } from "@/components/ui/badge";
import { Check, Search } from "@/components/ui/icons";
import { itemClass } from "@/components/ui/item";
import { botTone } from "@/features/guilds/bot-status";
import { useGuild, useGuilds } from "@/features/guilds/use-guilds";
import { cn } from "@/lib/cn";
import { useGo } from "@/lib/leave-guard";
import type { components } from "@/lib/schema";
import { GuildButton } from "./guild-button";
import { guildHref } from "./navigation";

type Guild = components["schemas"]["Guild"];

/** The guild one is in, and the way to any other by name. */
export function GuildSwitcherPopup({ guildId, onNavigate }: { guildId: string | undefined; onNavigate?: () => void }) {
  const lead = useGo();
  const { guilds } = useGuilds();
  const current = useGuild(guildId);
  const go = (guild: Guild | null) => {
    if (!guild) return;
    onNavigate?.();
    lead(guildHref(guild.id));
  };
  return (
    <Base.Root
      defaultOpen
      items={guilds}
      value={guilds.find(({ id }) => id === guildId) ?? null}
      onValueChange={go}
      itemToStringLabel={(guild) => guild.name}
      isItemEqualToValue={(a, b) => a.id === b.id}
      limit={100}
    >
      <Base.Trigger render={<GuildButton guild={current} />} />
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} className="z-50">
          <Base.Popup aria-label="Servers" className="popup w-[max(var(--anchor-width),16rem)]">
            <div className="relative border-b">
              <Search aria-hidden="true" className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-subtle" />
              <Base.Input
                aria-label="Search servers"
                placeholder="Search servers"
                className="h-10 w-full rounded-t-lg bg-transparent pr-3 pl-9 text-sm outline-none placeholder:text-subtle pointer-coarse:text-base"
              />
            </div>
            <Base.Empty className="px-3 text-muted text-sm empty:hidden">
              <p className="py-4">No server of that name.</p>
            </Base.Empty>
            <Base.List className="max-h-72 overflow-y-auto p-1 empty:hidden">
              {(guild: Guild) => (
                <Base.Item key={guild.id} value={guild} className={cn(itemClass, "h-9")}>
                  <Avatar name={guild.name} src={guild.iconUrl} square className="size-6" />
                  <span className="min-w-0 flex-1 truncate">{guild.name}</span>
                  <Dot tone={botTone(guild.bot.status)} />
                  <span className="sr-only">Bot {guild.bot.status}</span>
                  <span className="grid w-4 place-items-center">
                    <Base.ItemIndicator>
                      <Check aria-hidden="true" />
                    </Base.ItemIndicator>
                  </span>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
