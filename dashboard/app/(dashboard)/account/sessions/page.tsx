import type { Metadata } from "next";
import { Suspense } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { SkeletonRows } from "@/components/ui/skeleton";
import { sessionsQuery } from "@/features/account/queries";
import { SessionList } from "@/features/account/session-list";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Sessions" };

export default function SessionsPage() {
  return (
    <div className="max-w-4xl">
      <PageHeader title="Sessions" hint="Where you are signed in. End what you do not recognise." />
      <Suspense
        fallback={
          <Card>
            <SkeletonRows rows={3} />
          </Card>
        }
      >
        <Prefetched queries={[sessionsQuery]}>
          <SessionList />
        </Prefetched>
      </Suspense>
    </div>
  );
}
