import type { Tone } from "@/components/ui/badge";
import type { AuditChange, AuditEntry, AuditIntegrity } from "./queries";

/** What may be changed, by the log's names. */
export const TARGETS = {
  settings: "Settings",
  account: "Account",
  brand: "Brand",
  group: "Group",
  route: "Route",
  channel: "Channel",
  delivery: "Announcement",
  export: "Export",
  share: "Share",
  api_key: "API key",
  plan: "Plan",
  session: "Session",
  guild: "Server",
} as const;

/** "account.channel_changed" as people say it: "Account: channel changed". */
export function actionLabel(action: string): string {
  const [target = "", verb = ""] = action.split(".");
  const name = target in TARGETS ? TARGETS[target as keyof typeof TARGETS] : sentence(target);
  return verb ? `${name}: ${verb.replaceAll("_", " ")}` : name;
}

/** "quietHours" and "default_channel_id" as people say them. */
export function fieldLabel(field: string): string {
  return sentence(field.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replace(/ ?_?id$/i, ""));
}

function sentence(words: string): string {
  const plain = words.replaceAll("_", " ").trim().toLowerCase();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** What was changed, by the name that the change itself tells, if it does. */
export function subjectOf(changes: readonly AuditChange[]): string | null {
  const naming = ["name", "handle", "displayName", "prefix"].flatMap((field) =>
    changes.filter((c) => c.field === field),
  );
  return naming.map((change) => valueText(change.new) ?? valueText(change.old)).find((text) => text !== null) ?? null;
}

export const sourceLabel: Record<AuditEntry["source"], string> = {
  dashboard: "Dashboard",
  bot: "Discord",
  api: "API",
  system: "Trackbot",
};

/** A value before or after, in a line; null for nothing. */
export function valueText(value: AuditChange["old"]): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((item) => valueText(item) ?? "–").join(", ");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, item]) => `${fieldLabel(name).toLowerCase()} ${valueText(item as AuditChange["old"]) ?? "–"}`)
      .join(", ");
  return String(value);
}

/** The state of the log's chain: a badge and what it means. */
export function integrityWords(known: AuditIntegrity): { tone: Tone; label: string; meaning: string } {
  if (known.state === "broken")
    return {
      tone: "danger",
      label: "Altered",
      meaning: `Entry ${known.brokenSeq ?? "?"} is not as it was written, or one is missing. Tell whoever runs Trackbot for you.`,
    };
  if (known.state === "unchecked")
    return { tone: "neutral", label: "Not checked yet", meaning: "New entries are checked within a minute." };
  return {
    tone: "success",
    label: "Intact",
    meaning:
      "Each entry carries the checksum of the one before it, so nothing can be altered or taken out unseen. New entries are checked within a minute, the whole log every day.",
  };
}

/** What the API calls people who have deleted their account. */
const LEFT = "deleted-";

/** Who did it, as people know them. */
export function actorOf(entry: Pick<AuditEntry, "actorId" | "actorName" | "actorType">): string {
  if (entry.actorId.startsWith(LEFT)) return "somebody who has left";
  return entry.actorName ?? (entry.actorType === "user" ? entry.actorId : "Trackbot");
}
