"use client";

import { lazy, useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { FileDown, Plus } from "@/components/ui/icons";
import { OnceOpen } from "@/components/ui/once-open";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { useGuild } from "@/features/guilds/use-guilds";
import { useIsLive } from "@/features/live/use-live";
import { explain } from "@/lib/query/explain";
import { useStale } from "@/lib/query/provider";
import { useQuery } from "@/lib/query/use-query";
import { ExportRow } from "./export-row";
import { useExportWrites } from "./mutations";
import { type Export, exportsQuery, isMoving, whileMoving } from "./queries";

const OrderDialog = lazy(async () => ({ default: (await import("./order-dialog")).OrderDialog }));

export function ExportsView({ guildId }: { guildId: string }) {
  const live = useIsLive();
  const list = useQuery({
    ...exportsQuery(guildId),
    refetchInterval: whileMoving(live),
  });
  const canManage = useGuild(guildId)?.canManage ?? false;
  const stale = useStale();
  const [ordering, setOrdering] = useState(false);
  const [leaving, setLeaving] = useState<Export | null>(null);
  const order = (
    <Button variant="primary" disabled={stale} onClick={() => setOrdering(true)}>
      <Plus aria-hidden />
      New export
    </Button>
  );
  const items = list.data?.items;
  return (
    <>
      <PageHeader
        title="Exports"
        hint="Files of what is tracked here, kept for seven days."
        actions={canManage && items && items.length > 0 && order}
      />
      <Card aria-label="Exports">
        {items === undefined ? (
          list.error ? (
            <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
          ) : (
            <>
              <LoadingLabel>Loading exports</LoadingLabel>
              <SkeletonRows rows={4} />
            </>
          )
        ) : items.length === 0 ? (
          <EmptyState icon={FileDown} title="No exports yet" action={canManage && order}>
            {canManage
              ? "Take posts, accounts, usage or the audit log away as a file. The lists of accounts and posts export exactly what they show."
              : "Managers of this server can order files of what is tracked here; you can take them from this page."}
          </EmptyState>
        ) : (
          <ul className="divide-y">
            {items.map((item) => (
              <ExportRow key={item.id} guildId={guildId} item={item} canManage={canManage} onRemove={setLeaving} />
            ))}
          </ul>
        )}
      </Card>
      {canManage && (
        <OnceOpen open={ordering}>
          <OrderDialog guildId={guildId} open={ordering} onOpenChange={setOrdering} />
        </OnceOpen>
      )}
      <RemoveExport guildId={guildId} item={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}

function RemoveExport({ guildId, item, onClose }: { guildId: string; item: Export | null; onClose: () => void }) {
  const { remove } = useExportWrites(guildId);
  const confirm = () => {
    if (!item) return;
    remove.mutate(item.id, {
      onSuccess: onClose,
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  };
  return (
    <ConfirmDialog
      open={item !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Delete this export?"
      description={item && isMoving(item) ? "It is no longer made." : "Its file can no longer be downloaded."}
      action="Delete"
      danger
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
