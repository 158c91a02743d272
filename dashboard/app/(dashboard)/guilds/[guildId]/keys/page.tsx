import type { Metadata } from "next";
import { KeysView } from "@/features/keys/keys-view";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "API keys" };

export default async function KeysPage({ params }: { params: Promise<{ guildId: string }> }) {
  const { guildId } = await params;
  return <KeysView guildId={guildId} apiUrl={env().API_PUBLIC_URL} />;
}
