"use client";

import { lazy } from "react";
import { OnUse } from "@/components/ui/on-use";
import { useGuild } from "@/features/guilds/use-guilds";
import { GuildButton } from "./guild-button";

const load = () => import("./guild-switcher-popup");
const Popup = lazy(async () => ({ default: (await load()).GuildSwitcherPopup }));

/** The guild one is in, and the way to any other by name. */
export function GuildSwitcher(props: { guildId: string | undefined; onNavigate?: () => void }) {
  const guild = useGuild(props.guildId);
  return (
    <OnUse load={load} button={(on) => <GuildButton guild={guild} {...on} />}>
      <Popup {...props} />
    </OnUse>
  );
}
