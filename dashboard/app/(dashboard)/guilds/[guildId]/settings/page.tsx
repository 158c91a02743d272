import type { Metadata } from "next";
import { rolesQuery } from "@/features/settings/queries";
import { SettingsView } from "@/features/settings/settings-view";
import { channelsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Settings" };

type Props = { params: Promise<{ guildId: string }> };

/** What the form lets choose from. It is itself read by the browser: it needs the version in the answer's header. */
export default async function SettingsPage({ params }: Props) {
  const { guildId } = await params;
  return (
    <Prefetched queries={[channelsQuery(guildId), rolesQuery(guildId)]}>
      <SettingsView guildId={guildId} />
    </Prefetched>
  );
}
