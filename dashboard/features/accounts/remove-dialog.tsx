"use client";

import { ConfirmDialog } from "@/components/ui/dialog";
import { notify } from "@/components/ui/toast";
import type { Account } from "@/features/tracking/types";
import { explain } from "@/lib/query/explain";
import { accountName } from "./layout";
import { useAccountWrites } from "./mutations";

interface RemoveDialogProps {
  guildId: string;
  account: Account | null;
  onClose: (removed: boolean) => void;
}

/** Asks before an account and its stored posts go. */
export function RemoveDialog({ guildId, account, onClose }: RemoveDialogProps) {
  const { remove } = useAccountWrites(guildId);
  const confirm = () => {
    if (!account) return;
    remove.mutate(account, {
      onSuccess: () => {
        notify.success(`${accountName(account)} is no longer tracked`);
        onClose(true);
      },
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  };
  return (
    <ConfirmDialog
      open={account !== null}
      onOpenChange={(open) => !open && onClose(false)}
      title={account ? `Stop tracking ${accountName(account)}?` : "Stop tracking?"}
      description="Its posts and their history leave this dashboard. Messages in Discord stay. This cannot be undone."
      action="Stop tracking"
      danger
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
