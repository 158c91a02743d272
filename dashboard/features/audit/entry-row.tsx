"use client";

import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ArrowRight } from "@/components/ui/icons";
import type { AuditChange, AuditEntry, AuditFilters } from "./queries";
import { actionLabel, actorOf, fieldLabel, sourceLabel, subjectOf, valueText } from "./words";

type EntryProps = { entry: AuditEntry; onFilter: (change: Partial<AuditFilters>) => void };

/** One entry: who did what, and behind it what was before and after. */
export function EntryRow({ entry, onFilter }: EntryProps) {
  const who = actorOf(entry);
  const subject = subjectOf(entry.changes);
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer items-center gap-3 px-4 py-3 text-sm hover:bg-hover">
          <span className="min-w-0 flex-1">
            <span className="font-medium">{actionLabel(entry.action)}</span>
            {subject !== null && <span className="ml-2 break-words">{subject}</span>}
            <span className="block truncate text-muted text-xs">
              {who} · <Summary changes={entry.changes} />
            </span>
          </span>
          <span className="flex shrink-0 flex-col items-end gap-1 sm:flex-row sm:items-center">
            <Badge>{sourceLabel[entry.source]}</Badge>
            <RelativeTime at={entry.createdAt} className="figures text-right text-muted text-xs sm:w-28" />
          </span>
        </summary>
        <div className="grid gap-3 border-t bg-sunken px-4 py-3 text-sm">
          {entry.changes.length > 0 && <Changes changes={entry.changes} />}
          <Origin {...{ entry, onFilter }} />
        </div>
      </details>
    </li>
  );
}

function Summary({ changes }: { changes: readonly AuditChange[] }) {
  if (changes.length === 0) return <>no fields</>;
  return <>{[...new Set(changes.map((change) => fieldLabel(change.field).toLowerCase()))].join(", ")}</>;
}

function Changes({ changes }: { changes: readonly AuditChange[] }) {
  return (
    <dl className="grid gap-2">
      {changes.map((change) => (
        <div key={change.field} className="grid gap-x-4 sm:grid-cols-[10rem_1fr]">
          <dt className="text-muted">{fieldLabel(change.field)}</dt>
          <dd className="flex min-w-0 flex-wrap items-center gap-x-2">
            <Value value={change.old} was />
            <ArrowRight aria-label="became" className="size-3.5 shrink-0 text-subtle" />
            <Value value={change.new} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value, was }: { value: AuditChange["old"]; was?: boolean }) {
  const text = valueText(value);
  if (text === null) return <span className="text-subtle">nothing</span>;
  const Mark = was ? "del" : "ins";
  return (
    <Mark className={was ? "break-words text-muted line-through decoration-1" : "break-words no-underline"}>
      {text}
    </Mark>
  );
}

function Origin({ entry, onFilter }: EntryProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted text-xs">
      <span>Entry {entry.seq}</span>
      {entry.targetId && (
        <span className="inline-flex items-center gap-1">
          <span className="font-mono">{entry.targetId}</span>
          <CopyButton value={entry.targetId} label="Copy the id of what was changed" />
        </span>
      )}
      {entry.ipAddress && <span>from {entry.ipAddress}</span>}
      <span className="font-mono">{entry.actorId}</span>
      <Button variant="link" size="sm" onClick={() => onFilter({ actor: entry.actorId })}>
        Only by {actorOf(entry)}
      </Button>
      <Button variant="link" size="sm" onClick={() => onFilter({ action: entry.action })}>
        Only “{actionLabel(entry.action)}”
      </Button>
    </p>
  );
}
