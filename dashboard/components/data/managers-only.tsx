import type { ReactNode } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Lock } from "@/components/ui/icons";

/** A page that members may not see, and whom to ask. */
export function ManagersOnly({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <PageHeader title={title} />
      <Card aria-label={title}>
        <EmptyState icon={Lock} title="Only for those who manage the server">
          {children}
        </EmptyState>
      </Card>
    </>
  );
}
