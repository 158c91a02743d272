import type { Metadata } from "next";
import { Suspense } from "react";
import { AuditView } from "@/features/audit/audit-view";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ params }: { params: Promise<{ guildId: string }> }) {
  const { guildId } = await params;
  return (
    <Suspense>
      <AuditView guildId={guildId} />
    </Suspense>
  );
}
