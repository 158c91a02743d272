"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Plus, Share2 } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { usePlaces, useWriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { useShareWrites } from "./mutations";
import { type Share, sharesQuery } from "./queries";
import { ShareRow } from "./share-row";

const CreateShareDialog = inBrowser(async () => (await import("./create-share-dialog")).CreateShareDialog);

/** The links that show a brand's week to people without an account. */
export function SharesView({ guildId }: { guildId: string }) {
  const list = useQuery(sharesQuery(guildId));
  const places = usePlaces(guildId);
  const access = useWriteAccess(guildId);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Share | null>(null);
  const add = access.canManage && (
    <Button
      variant="primary"
      disabled={access.blocked !== undefined}
      title={access.blocked}
      onClick={() => setCreating(true)}
    >
      <Plus aria-hidden />
      Share a brand
    </Button>
  );
  const items = list.data?.items;
  return (
    <>
      <PageHeader
        title="Shares"
        hint="Links to a brand’s last week, for people without an account."
        actions={items && items.length > 0 && add}
      />
      <Card aria-label="Shares">
        {items === undefined ? (
          list.error ? (
            <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
          ) : (
            <>
              <LoadingLabel>Loading shares</LoadingLabel>
              <SkeletonRows rows={3} />
            </>
          )
        ) : items.length === 0 ? (
          <EmptyState icon={Share2} title="Nothing is shared" action={add}>
            A link shows how a brand did in the last seven days against the seven before, and nothing else. Whoever has
            it can look without signing in, until it expires or is revoked.
            {!access.canManage && " Someone with Manage Server in Discord can make one."}
          </EmptyState>
        ) : (
          <ul className="divide-y">
            {items.map((item) => (
              <ShareRow
                key={item.id}
                {...{ item, access }}
                brand={places.brand(item.brandId)?.name ?? "A brand"}
                onRevoke={() => setRevoking(item)}
              />
            ))}
          </ul>
        )}
      </Card>
      {access.canManage && (
        <CreateShareDialog {...{ guildId, places, access }} open={creating} onClose={() => setCreating(false)} />
      )}
      <RevokeShare guildId={guildId} item={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function RevokeShare({ guildId, item, onClose }: { guildId: string; item: Share | null; onClose: () => void }) {
  const { revoke } = useShareWrites(guildId);
  const confirm = () => {
    if (!item) return;
    revoke.mutate(item, {
      onSuccess: () => {
        onClose();
        notify.success("The link is revoked");
      },
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  };
  return (
    <ConfirmDialog
      open={item !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Revoke this link?"
      description="Whoever has it sees nothing from now on. This cannot be undone."
      action="Revoke"
      danger
      pending={revoke.isPending}
      onConfirm={confirm}
    />
  );
}
