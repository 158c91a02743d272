"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/dialog";
import { Progress } from "@/components/ui/progress";
import { notify } from "@/components/ui/toast";
import type { Account } from "@/features/tracking/types";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { canPause } from "./account-menu";
import { runBulk } from "./bulk";
import { accountName } from "./layout";
import { useAccountWrites } from "./mutations";

interface BulkBarProps {
  guildId: string;
  access: WriteAccess;
  accounts: readonly Account[];
  onClear: () => void;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What can be done with the accounts that are selected. */
export function BulkBar({ guildId, access, accounts, onClear }: BulkBarProps) {
  const { update, remove } = useAccountWrites(guildId);
  const [progress, setProgress] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const running = progress !== null;
  const disabled = running || access.blocked !== undefined;

  const run = async (chosen: readonly Account[], did: string, act: (account: Account) => Promise<unknown>) => {
    setProgress(0);
    const report = await runBulk(chosen, accountName, act, {
      wait,
      onProgress: (done) => setProgress((done / Math.max(chosen.length, 1)) * 100),
    });
    setProgress(null);
    setAsking(false);
    const failed = report.failures.length + report.left;
    if (failed === 0) notify.success(`${report.done} ${did}`);
    else {
      const first = report.failures[0];
      const why = first ? `${first.name}: ${first.why}` : "Trackbot does not answer.";
      notify.error(`${report.done} ${did}, ${failed} not`, { description: why });
    }
    if (failed === 0) onClear();
  };
  const pause = (paused: boolean) =>
    run(
      accounts.filter((account) => canPause(account) && (account.state === "paused") !== paused),
      paused ? "paused" : "resumed",
      (account) => update.mutateAsync({ account, change: { paused } }),
    );

  return (
    <section aria-label="Selected accounts" className="mb-3 flex min-h-8 flex-wrap items-center gap-2">
      <span role="status" className="mr-1 font-medium text-sm">
        {accounts.length} selected
      </span>
      <Button disabled={disabled} onClick={() => pause(true)}>
        Pause
      </Button>
      <Button disabled={disabled} onClick={() => pause(false)}>
        Resume
      </Button>
      <Button variant="danger" disabled={disabled} onClick={() => setAsking(true)}>
        Stop tracking
      </Button>
      <Button variant="ghost" disabled={running} onClick={onClear}>
        Clear selection
      </Button>
      {running && <Progress label="Changing the selected accounts" value={progress} className="w-40" />}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Stop tracking ${accounts.length} ${accounts.length === 1 ? "account" : "accounts"}?`}
        description="Their posts and their history leave this dashboard. Messages in Discord stay. This cannot be undone."
        action="Stop tracking"
        danger
        pending={running}
        onConfirm={() => run(accounts, "no longer tracked", (account) => remove.mutateAsync(account))}
      />
    </section>
  );
}
