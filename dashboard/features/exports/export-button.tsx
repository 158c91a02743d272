"use client";

import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { Download } from "@/components/ui/icons";
import { useGuild } from "@/features/guilds/use-guilds";
import type { ExportFilters, ExportKind } from "./queries";

const OrderDialog = lazy(async () => ({ default: (await import("./order-dialog")).OrderDialog }));

interface ExportButtonProps {
  guildId: string;
  kind: ExportKind;
  filters: ExportFilters;
}

/** Exports exactly what the list shows. Those who may not order one do not see it. */
export function ExportButton({ guildId, kind, filters }: ExportButtonProps) {
  const [open, setOpen] = useState<boolean>();
  if (!useGuild(guildId)?.canManage) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Download aria-hidden />
        Export
      </Button>
      {open !== undefined && (
        <Suspense fallback={null}>
          <OrderDialog guildId={guildId} open={open} onOpenChange={setOpen} of={{ kind, filters }} />
        </Suspense>
      )}
    </>
  );
}
