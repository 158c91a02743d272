"use client";

import { PageHeader } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Lock } from "@/components/ui/icons";
import { useGuild } from "@/features/guilds/use-guilds";
import { useWriteAccess } from "@/features/tracking/use-tracking";
import { ArchiveCard } from "./archive-card";
import { DeletionCard } from "./deletion-card";

/** All of a server's data, to take away or to delete. For those who manage the server. */
export function GuildData({ guildId }: { guildId: string }) {
  const guild = useGuild(guildId);
  const access = useWriteAccess(guildId);
  if (guild && !guild.canManage) {
    return (
      <>
        <PageHeader title="Data" />
        <Card aria-label="Data">
          <EmptyState icon={Lock} title="Only for those who manage the server">
            What is held about yourself stands under Your data, in your account.
          </EmptyState>
        </Card>
      </>
    );
  }
  return (
    <div className="max-w-4xl">
      <PageHeader title="Data" hint="Everything Trackbot keeps of this server, to take away or to delete." />
      <div className="grid gap-4">
        <ArchiveCard guildId={guildId} access={access} />
        <DeletionCard guildId={guildId} name={guild?.name ?? ""} tier={guild?.tier} access={access} />
      </div>
    </div>
  );
}
