"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Progress } from "@/components/ui/progress";
import type { Account } from "@/features/tracking/types";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { GroupField } from "./place-fields";
import { countOf } from "./use-bulk";

interface MoveDialogProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
  accounts: readonly Account[];
  open: boolean;
  /** In percent, while accounts are being moved. */
  progress: number | null;
  /** Called with those that are not there already. */
  onMove: (accounts: readonly Account[], groupId: string) => void;
  onClose: () => void;
}

/** Chooses the group that several accounts move to. */
export function MoveDialog({ open, onClose, ...rest }: MoveDialogProps) {
  const { accounts, progress } = rest;
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => !open && progress === null && onClose()}
      title={`Move ${countOf(accounts.length)}`}
      description="Their posts go with them. Routes of a brand or group then apply to what is new."
    >
      <MoveForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

function MoveForm({ guildId, places, access, accounts, progress, onMove, onClose }: Omit<MoveDialogProps, "open">) {
  const [groupId, setGroupId] = useState<string | null>(null);
  const moving = accounts.filter((account) => account.groupId !== groupId);
  const there = accounts.length - moving.length;
  return (
    <div className="grid gap-4">
      <GroupField {...{ guildId, places, value: groupId, onChange: setGroupId }} />
      <p role="status" className="min-h-5 text-muted text-sm">
        {there > 0 &&
          (there === accounts.length ? "All of them are there already." : `${there} of them there already.`)}
      </p>
      {progress !== null && <Progress label="Moving the accounts" value={progress} />}
      <div className="flex justify-end gap-2">
        <Button disabled={progress !== null} onClick={onClose}>
          Cancel
        </Button>
        <Button
          variant="primary"
          disabled={groupId === null || moving.length === 0 || access.blocked !== undefined}
          title={access.blocked}
          pending={progress !== null}
          onClick={() => groupId !== null && onMove(moving, groupId)}
        >
          {groupId !== null && moving.length > 0 ? `Move ${moving.length}` : "Move"}
        </Button>
      </div>
    </div>
  );
}
