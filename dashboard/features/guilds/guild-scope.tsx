"use client";

import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Compass } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { LiveContext, useLiveGuild } from "@/features/live/use-live";
import { useQuery } from "@/lib/query/use-query";
import { IncidentBanner } from "./incident-banner";
import { guildQuery } from "./queries";
import { useVisit } from "./recent";

const SuspensionBanner = inBrowser(async () => (await import("./suspension-banner")).SuspensionBanner);

/** What all pages of a guild share: its incidents, its place among the visited, and its end when access is lost. */
export function GuildScope({ guildId, children }: { guildId: string; children: ReactNode }) {
  useVisit(guildId);
  const live = useLiveGuild(guildId);
  const { data: guild, error } = useQuery(guildQuery(guildId));
  // Access that is lost while the page is open: what is stored must not be shown any longer.
  if (error?.code === "not_found") return <NoGuild />;
  return (
    <LiveContext value={live}>
      {guild?.suspension && <SuspensionBanner {...guild.suspension} />}
      <IncidentBanner guildId={guildId} />
      {children}
    </LiveContext>
  );
}

export function NoGuild() {
  return (
    <EmptyState
      icon={Compass}
      as="h1"
      title="Nothing here, or not yours to see"
      action={
        <LinkButton href="/" variant="primary">
          To your servers
        </LinkButton>
      }
    >
      It may be removed, or you may have left the server. A manager can also have closed the dashboard to members.
    </EmptyState>
  );
}
