"use client";

import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { ExternalButton, IconButton } from "@/components/ui/button";
import { Download, Trash2 } from "@/components/ui/icons";
import { Progress } from "@/components/ui/progress";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useStale } from "@/lib/query/provider";
import { fileSize, formatLabel, kindLabel, scopeOf, stateLabel, stateTone } from "./labels";
import type { Export } from "./queries";

interface ExportRowProps {
  guildId: string;
  item: Export;
  canManage: boolean;
  onRemove: (item: Export) => void;
}

export function ExportRow({ guildId, item, canManage, onRemove }: ExportRowProps) {
  const stale = useStale();
  const name = `${kindLabel[item.kind]}, ${formatLabel[item.format]}`;
  const mayTake = item.state === "done" && (canManage || (item.kind !== "audit" && item.kind !== "archive"));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3" data-testid="export" data-state={item.state}>
      <div className="min-w-0 flex-1 basis-64">
        <p className="truncate font-medium text-sm">{name}</p>
        <p className="truncate text-muted text-xs">
          {scopeOf(item.filters)} · ordered <RelativeTime at={item.createdAt} />
        </p>
      </div>
      <Figures item={item} />
      <Badge tone={stateTone[item.state]} dot>
        {stateLabel[item.state]}
      </Badge>
      <div className="flex min-w-20 items-center justify-end gap-1">
        {mayTake && (
          <ExternalButton
            size="sm"
            href={`/api/v1/guilds/${guildId}/exports/${item.id}/download`}
            download
            aria-label={`Download ${name}`}
          >
            <Download aria-hidden />
            Download
          </ExternalButton>
        )}
        {canManage && (
          <IconButton label={`Delete ${name}`} size="icon-sm" disabled={stale} onClick={() => onRemove(item)}>
            <Trash2 aria-hidden />
          </IconButton>
        )}
      </div>
    </li>
  );
}

/** How far it is, how large it has become, or why there is none. */
function Figures({ item }: { item: Export }) {
  const locale = useLocale();
  const rows = `${number(item.rows, locale)} ${item.rows === 1 ? "row" : "rows"}`;
  if (item.state === "queued" || item.state === "running")
    return (
      <div className="grid w-36 gap-1">
        <Progress label="Export" />
        <span className="figures text-muted text-xs">{rows}</span>
      </div>
    );
  if (item.state === "failed") return <p className="basis-full text-danger text-xs sm:basis-72">{item.error}</p>;
  if (item.state === "expired") return null;
  return (
    <p className="figures text-right text-muted text-xs">
      {rows}
      {item.bytes !== null && ` · ${fileSize(item.bytes)}`}
      <br />
      gone <RelativeTime at={item.expiresAt} />
    </p>
  );
}
