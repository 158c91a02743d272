"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { notify } from "@/components/ui/toast";
import type { Account } from "@/features/tracking/types";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { ChannelField } from "./channel-field";
import { accountName } from "./layout";
import { useAccountWrites } from "./mutations";
import { GroupField } from "./place-fields";

interface EditDialogProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
  account: Account | null;
  onClose: () => void;
}

/** Moves an account to another group or announces it in another channel. */
export function EditDialog({ account, onClose, ...rest }: EditDialogProps) {
  return (
    <Dialog
      open={account !== null}
      onOpenChange={(open) => !open && onClose()}
      title={account ? `Edit ${accountName(account)}` : "Edit"}
    >
      {account && <EditForm key={account.id} {...{ account, onClose, ...rest }} />}
    </Dialog>
  );
}

type EditFormProps = EditDialogProps & { account: Account };

function EditForm({ guildId, places, access, account, onClose }: EditFormProps) {
  const { update } = useAccountWrites(guildId);
  const [groupId, setGroupId] = useState(account.groupId);
  const [channelId, setChannelId] = useState(account.channelId);
  const change = {
    ...(groupId !== account.groupId && { groupId }),
    ...(channelId !== account.channelId && { channelId }),
  };
  const changed = Object.keys(change).length > 0;
  const save = () => {
    update.mutate(
      { account, change, brandId: places.group(groupId)?.brandId },
      {
        onSuccess: () => {
          notify.success(`${accountName(account)} is saved`);
          onClose();
        },
      },
    );
  };
  return (
    <div className="grid gap-4">
      <GroupField {...{ guildId, places, value: groupId, onChange: setGroupId }} />
      <ChannelField {...{ places, value: channelId, onChange: setChannelId }} />
      {update.error && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
          {explain(update.error).advice}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          disabled={!changed || access.blocked !== undefined}
          title={access.blocked}
          pending={update.isPending}
          onClick={save}
        >
          Save
        </Button>
      </div>
    </div>
  );
}
