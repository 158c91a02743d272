import type { Tone } from "@/components/ui/badge";
import type { Export, ExportFormat, ExportKind } from "./queries";

/** What the order's dialog offers; an archive is ordered on the page of the server's data. */
export const KINDS = ["posts", "accounts", "audit", "usage"] as const satisfies readonly ExportKind[];

export const kindLabel: Record<ExportKind, string> = {
  posts: "Posts",
  accounts: "Accounts",
  audit: "Audit log",
  usage: "Usage",
  archive: "Archive",
};

export const FORMATS = ["csv", "xlsx", "jsonl"] as const satisfies readonly ExportFormat[];

export const formatLabel: Record<ExportFormat, string> = {
  csv: "CSV",
  xlsx: "Excel (XLSX)",
  jsonl: "JSON lines",
  zip: "ZIP of JSON lines",
};

export const stateLabel: Record<Export["state"], string> = {
  queued: "Waiting",
  running: "In the making",
  done: "Ready",
  failed: "Failed",
  expired: "Expired",
};

export const stateTone: Record<Export["state"], Tone> = {
  queued: "info",
  running: "info",
  done: "success",
  failed: "danger",
  expired: "neutral",
};

const filterLabel: Record<string, string> = {
  brandId: "one brand",
  groupId: "one group",
  accountId: "one account",
  platform: "platform",
  kind: "kind",
  state: "state",
  actorId: "who",
  action: "action",
  targetType: "what",
  from: "from",
  to: "to",
  q: "text",
};

/** What an export holds, in words: its filters, or everything. */
export function scopeOf(filters: Export["filters"]): string {
  const parts = Object.entries(filters).map(([name, value]) => {
    const label = filterLabel[name] ?? name;
    return name.endsWith("Id") && name !== "actorId" ? label : `${label} ${value}`;
  });
  return parts.length === 0 ? "Everything" : parts.join(", ");
}

const UNITS = ["B", "kB", "MB", "GB"] as const;

/** A size in bytes as people read it (SI units). */
export function fileSize(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}
