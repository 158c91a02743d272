"use client";

import { useState } from "react";
import { notify } from "@/components/ui/toast";
import type { Account } from "@/features/tracking/types";
import { type BulkReport, runBulk } from "./bulk";
import { accountName } from "./layout";

export interface BulkTask {
  accounts: readonly Account[];
  /** What was done to them, such as "paused". */
  did: string;
  act: (account: Account) => Promise<unknown>;
  /** The way back, where there is one. */
  undo?: (account: Account) => Promise<unknown>;
}

/** What of a task was not done, and why. */
export interface Undone {
  did: string;
  report: BulkReport<Account>;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export const countOf = (accounts: number) => `${accounts} ${accounts === 1 ? "account" : "accounts"}`;

/** Also after the bar has gone, with another selection on screen: it tells its end by itself. */
async function putBack(accounts: readonly Account[], act: BulkTask["act"]): Promise<void> {
  const { done, failures, left } = await runBulk(accounts, accountName, act, { wait, onProgress: () => {} });
  const rest = failures.length + left.length;
  if (rest === 0) return void notify.success(`${countOf(done.length)} as before`);
  const [first] = failures;
  notify.error(`${countOf(rest)} not put back`, {
    description: first ? `${first.name}: ${first.why}` : "Trackbot does not answer.",
  });
}

/** Changes many accounts, one after the other. Those that were not changed stay selected, with the reason. */
export function useBulk(onSelect: (accounts: readonly Account[]) => void) {
  const [progress, setProgress] = useState<number | null>(null);
  const [undone, setUndone] = useState<Undone | null>(null);

  const run = async ({ accounts, did, act, undo }: BulkTask): Promise<void> => {
    setProgress(0);
    setUndone(null);
    const report = await runBulk(accounts, accountName, act, {
      wait,
      onProgress: (done) => setProgress((done / accounts.length) * 100),
    });
    setProgress(null);
    if (report.done.length > 0) {
      const action = undo && { label: "Undo", onClick: () => void putBack(report.done, undo) };
      notify.success(`${countOf(report.done.length)} ${did}`, action && { action });
    }
    const rest = [...report.failures.map(({ item }) => item), ...report.left];
    if (rest.length > 0) setUndone({ did, report });
    onSelect(rest);
  };
  return { run, progress, undone };
}
