"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/dialog";
import { inBrowser } from "@/components/ui/in-browser";
import { Progress } from "@/components/ui/progress";
import type { Account } from "@/features/tracking/types";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { canPause } from "./account-menu";
import { BulkUndone } from "./bulk-undone";
import { useAccountWrites } from "./mutations";
import { groupPath } from "./place-fields";
import { countOf, useBulk } from "./use-bulk";

const MoveDialog = inBrowser(async () => (await import("./move-dialog")).MoveDialog);

interface BulkBarProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
  accounts: readonly Account[];
  onSelect: (accounts: readonly Account[]) => void;
}

/** What can be done with the accounts that are selected. */
export function BulkBar({ guildId, places, access, accounts, onSelect }: BulkBarProps) {
  const { update, remove } = useAccountWrites(guildId);
  const { run, progress, undone } = useBulk(onSelect);
  const [asking, setAsking] = useState<"move" | "remove" | null>(null);
  const running = progress !== null;
  const disabled = running || access.blocked !== undefined;

  const pausable = accounts.filter((account) => canPause(account) && account.state !== "paused");
  const paused = accounts.filter((account) => canPause(account) && account.state === "paused");
  const setPaused = (chosen: readonly Account[], to: boolean) =>
    run({
      ...{ accounts: chosen, did: to ? "paused" : "resumed" },
      act: (account) => update.mutateAsync({ account, change: { paused: to } }),
      undo: (account) =>
        update.mutateAsync({ account: { ...account, state: to ? "paused" : "ok" }, change: { paused: !to } }),
    });
  const move = async (chosen: readonly Account[], groupId: string) => {
    const group = places.group(groupId);
    const moved = (account: Account) => ({ ...account, groupId, brandId: group?.brandId ?? account.brandId });
    await run({
      ...{ accounts: chosen, did: `moved to ${group ? groupPath(places, group) : "the group"}` },
      act: (account) => update.mutateAsync({ account, change: { groupId }, brandId: group?.brandId }),
      undo: (account) => {
        const { groupId, brandId } = account;
        return update.mutateAsync({ account: moved(account), change: { groupId }, brandId });
      },
    });
    setAsking(null);
  };
  const stop = async () => {
    await run({ accounts, did: "no longer tracked", act: (account) => remove.mutateAsync(account) });
    setAsking(null);
  };

  return (
    <section aria-label="Selected accounts" className="mb-3 flex min-h-8 flex-wrap items-center gap-2">
      <span role="status" className="mr-1 font-medium text-sm">
        {accounts.length} selected
      </span>
      <Button disabled={disabled} title={access.blocked} onClick={() => setAsking("move")}>
        Move
      </Button>
      <Button
        disabled={disabled || pausable.length === 0}
        title={access.blocked ?? (pausable.length === 0 ? "None of them is being checked." : undefined)}
        onClick={() => setPaused(pausable, true)}
      >
        Pause
      </Button>
      <Button
        disabled={disabled || paused.length === 0}
        title={access.blocked ?? (paused.length === 0 ? "None of them is paused." : undefined)}
        onClick={() => setPaused(paused, false)}
      >
        Resume
      </Button>
      <Button variant="danger" disabled={disabled} title={access.blocked} onClick={() => setAsking("remove")}>
        Stop tracking
      </Button>
      <Button variant="ghost" disabled={running} onClick={() => onSelect([])}>
        Clear selection
      </Button>
      {running && <Progress label="Changing the selected accounts" value={progress} className="w-40" />}
      {undone && <BulkUndone {...undone} />}
      <MoveDialog
        {...{ guildId, places, access, accounts, progress }}
        open={asking === "move"}
        onMove={(chosen, groupId) => void move(chosen, groupId)}
        onClose={() => setAsking(null)}
      />
      <ConfirmDialog
        open={asking === "remove"}
        onOpenChange={(open) => !open && setAsking(null)}
        title={`Stop tracking ${countOf(accounts.length)}?`}
        description="Their posts and their history leave this dashboard. Messages in Discord stay. This cannot be undone."
        action="Stop tracking"
        danger
        pending={running}
        onConfirm={() => void stop()}
      />
    </section>
  );
}
