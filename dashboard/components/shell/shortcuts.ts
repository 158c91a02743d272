import { guildSections, personalEntries } from "./navigation";

export type Intent =
  | { kind: "palette" }
  | { kind: "help" }
  | { kind: "search" }
  | { kind: "go"; path: string; guild: boolean }
  | { kind: "prefix" };

export type Press = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };

/** Milliseconds within which the second key has to follow "g". */
const PREFIX_MS = 1500;

/**
 * What a key press asks for, or null. `typing` is true in fields, where only ⌘K and Ctrl+K count; `prefixed` while a "g"
 * waits for its second key.
 */
export function intentOf(press: Press, typing: boolean, prefixed: boolean, inGuild: boolean): Intent | null {
  if ((press.metaKey || press.ctrlKey) && !press.altKey && press.key.toLowerCase() === "k") return { kind: "palette" };
  if (typing || press.metaKey || press.ctrlKey || press.altKey) return null;
  if (prefixed) return goal(press.key, inGuild);
  if (press.key === "g") return { kind: "prefix" };
  if (press.key === "?") return { kind: "help" };
  if (press.key === "/") return { kind: "search" };
  return null;
}

function goal(key: string, inGuild: boolean): Intent | null {
  if (inGuild) {
    const entry = guildSections.flatMap((section) => section.entries).find((each) => each.key === key);
    if (entry) return { kind: "go", path: entry.path, guild: true };
  }
  const entry = personalEntries.find((each) => each.key === key);
  return entry ? { kind: "go", path: entry.path, guild: false } : null;
}

/** Whether keys go into a field, where letters are letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Calls `act` for what keys ask for, until the returned function is called. A key that something came of ends there. */
export function listen(inGuild: boolean, act: (intent: Intent) => boolean): () => void {
  let prefixedAt = Number.NEGATIVE_INFINITY;
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat) return;
    const prefixed = event.timeStamp - prefixedAt < PREFIX_MS;
    const inDialog = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
    const intent = intentOf(event, isTyping(event.target) || inDialog, prefixed, inGuild);
    prefixedAt = intent?.kind === "prefix" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (intent && (intent.kind === "prefix" || act(intent))) event.preventDefault();
  };
  window.addEventListener("keydown", press);
  return () => window.removeEventListener("keydown", press);
}
