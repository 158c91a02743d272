"use client";

import { useState } from "react";
import { ManagersOnly } from "@/components/data/managers-only";
import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { KeyRound, Plus } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { useGuild } from "@/features/guilds/use-guilds";
import { useWriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { useQuery } from "@/lib/query/use-query";
import { KeyRow } from "./key-row";
import { useKeyWrites } from "./mutations";
import { type ApiKey, keysQuery } from "./queries";

const CreateKeyDialog = inBrowser(async () => (await import("./create-key-dialog")).CreateKeyDialog);

interface KeysViewProps {
  guildId: string;
  /** Where programs reach the API, for the example. */
  apiUrl: string;
}

/** The keys that programs use the API with. For those who manage the server. */
export function KeysView({ guildId, apiUrl }: KeysViewProps) {
  const guild = useGuild(guildId);
  const access = useWriteAccess(guildId);
  const mayLook = guild?.canManage ?? false;
  const list = useQuery({ ...keysQuery(guildId), enabled: mayLook });
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  if (guild && !mayLook) {
    return (
      <ManagersOnly title="API keys">
        Ask someone with Manage Server in Discord when a program of yours needs a key.
      </ManagersOnly>
    );
  }
  const add = access.canManage && (
    <Button
      variant="primary"
      disabled={access.blocked !== undefined}
      title={access.blocked}
      onClick={() => setCreating(true)}
    >
      <Plus aria-hidden />
      New key
    </Button>
  );
  const items = list.data?.items;
  return (
    <>
      <PageHeader
        title="API keys"
        hint="For programs that read or change this server’s tracking."
        actions={items && items.length > 0 && add}
      />
      <Card aria-label="API keys">
        {items === undefined ? (
          list.error ? (
            <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
          ) : (
            <>
              <LoadingLabel>Loading API keys</LoadingLabel>
              <SkeletonRows rows={3} />
            </>
          )
        ) : items.length === 0 ? (
          <EmptyState icon={KeyRound} title="No API keys yet" action={add}>
            A key lets a script or a report use this server’s data without anybody signing in. It works for this server
            alone, and you can revoke it at any time.
          </EmptyState>
        ) : (
          <ul className="divide-y">
            {items.map((item) => (
              <KeyRow key={item.id} {...{ item, access }} onRevoke={() => setRevoking(item)} />
            ))}
          </ul>
        )}
      </Card>
      {access.canManage && (
        <CreateKeyDialog {...{ guildId, apiUrl, access }} open={creating} onClose={() => setCreating(false)} />
      )}
      <RevokeKey guildId={guildId} item={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function RevokeKey({ guildId, item, onClose }: { guildId: string; item: ApiKey | null; onClose: () => void }) {
  const { revoke } = useKeyWrites(guildId);
  const confirm = () => {
    if (!item) return;
    revoke.mutate(item, {
      onSuccess: () => {
        onClose();
        notify.success(`${item.name} is revoked`);
      },
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  };
  return (
    <ConfirmDialog
      open={item !== null}
      onOpenChange={(open) => !open && onClose()}
      title={item ? `Revoke ${item.name}?` : "Revoke the key?"}
      description="Programs that use it are refused from now on. This cannot be undone."
      action="Revoke"
      danger
      pending={revoke.isPending}
      onConfirm={confirm}
    />
  );
}
