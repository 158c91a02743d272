"use client";

import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { inBrowser } from "@/components/ui/in-browser";
import { LoadingLabel, Skeleton } from "@/components/ui/skeleton";
import { useQuery } from "@/lib/query/use-query";
import { settingsQuery } from "./queries";

const SettingsForm = inBrowser(async () => (await import("./settings-form")).SettingsForm, SettingsSkeleton);

export function SettingsView({ guildId }: { guildId: string }) {
  const { data, error, refetch, isFetching } = useQuery(settingsQuery(guildId));
  return (
    <>
      <PageHeader title="Settings" hint="How Trackbot works in this server. Every change is in the audit log." />
      {data ? (
        <SettingsForm guildId={guildId} initial={data} />
      ) : error ? (
        <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <SettingsSkeleton />
      )}
    </>
  );
}

export function SettingsSkeleton() {
  return (
    <div className="grid max-w-4xl gap-4">
      <LoadingLabel>Loading settings</LoadingLabel>
      {["h-72", "h-44", "h-36", "h-32"].map((height) => (
        <Card key={height} className={`${height} p-4`}>
          <Skeleton className="w-32" />
        </Card>
      ))}
    </div>
  );
}
