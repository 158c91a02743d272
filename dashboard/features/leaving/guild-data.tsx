"use client";

import { ManagersOnly } from "@/components/data/managers-only";
import { PageHeader } from "@/components/shell/page-header";
import { later } from "@/components/ui/in-browser";
import { Skeleton } from "@/components/ui/skeleton";
import { useGuild } from "@/features/guilds/use-guilds";
import { useWriteAccess } from "@/features/tracking/use-tracking";
import { ArchiveCard } from "./archive-card";

const placeholder = () => <Skeleton className="h-36 rounded-lg" />;
const DeletionCard = later(async () => (await import("./deletion-card")).DeletionCard, placeholder);

/** All of a server's data, to take away or to delete. For those who manage the server. */
export function GuildData({ guildId }: { guildId: string }) {
  const guild = useGuild(guildId);
  const access = useWriteAccess(guildId);
  if (guild && !guild.canManage) {
    return (
      <ManagersOnly title="Data">What is held about yourself stands under Your data, in your account.</ManagersOnly>
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
