import type { Metadata } from "next";
import { SettingsView } from "@/features/settings/settings-view";

export const metadata: Metadata = { title: "Settings" };

type Props = { params: Promise<{ guildId: string }> };

/** Without a prefetch: the form needs the version that stands in the answer's header. */
export default async function SettingsPage({ params }: Props) {
  const { guildId } = await params;
  return <SettingsView guildId={guildId} />;
}
