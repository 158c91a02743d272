import type { PostKind } from "@/features/tracking/types";
import type { components } from "@/lib/schema";

type PostRoute = components["schemas"]["Route"];

export type TargetKind = "brand" | "group" | "account";
export type Target = { brandId: string } | { groupId: string } | { accountId: string };

/** What a route says besides what it is of. */
export interface Draft {
  channelId: string | null;
  kinds: PostKind[];
  include: string[];
  exclude: string[];
  mentionRoleId: string | null;
  template: string | null;
}

/** What a new route takes: answers and reposts are rarely wanted. */
export const emptyDraft: Draft = {
  channelId: null,
  kinds: ["post", "video", "short", "live"],
  include: [],
  exclude: [],
  mentionRoleId: null,
  template: null,
};

export const draftOf = ({ channelId, kinds, include, exclude, mentionRoleId, template }: PostRoute): Draft => ({
  ...{ channelId, kinds, include, exclude, mentionRoleId, template },
});

export const targetOf = (kind: TargetKind, id: string): Target =>
  kind === "brand" ? { brandId: id } : kind === "group" ? { groupId: id } : { accountId: id };

/** What a saved route is of. */
export function kindAndId({ accountId, groupId, brandId }: PostRoute): { kind: TargetKind; id: string } {
  if (accountId !== null) return { kind: "account", id: accountId };
  if (groupId !== null) return { kind: "group", id: groupId };
  return { kind: "brand", id: brandId ?? "" };
}

/** The words of a field, separated by commas or lines, each once whatever its case. */
export function wordsOf(text: string): string[] {
  const words = new Map<string, string>();
  for (const part of text.split(/[,\n]/)) {
    const word = part.trim().replace(/\s+/g, " ");
    if (word !== "" && !words.has(word.toLowerCase())) words.set(word.toLowerCase(), word);
  }
  return [...words.values()];
}

const MOST_WORDS = 50;
const LONGEST_WORD = 100;

/** What is wrong with the words of a field, before the API says it. */
export function wordsFault(words: readonly string[]): string | undefined {
  if (words.length > MOST_WORDS) return `At most ${MOST_WORDS} words or phrases.`;
  const long = words.find((word) => word.length > LONGEST_WORD);
  return long && `At most ${LONGEST_WORD} letters each: “${long.slice(0, 20)}…” is longer.`;
}

export const PLACEHOLDERS = ["account", "author", "title", "text", "url", "platform", "kind", "published"] as const;

export const LONGEST_TEMPLATE = 1000;

/** What is wrong with a template, before the API says it. */
export function templateFault(template: string): string | undefined {
  if (template.length > LONGEST_TEMPLATE) return `At most ${LONGEST_TEMPLATE} letters.`;
  for (const [whole, name] of template.matchAll(/\{([A-Za-z]+)\}/g)) {
    if (!(PLACEHOLDERS as readonly string[]).includes(name ?? "")) return `${whole} is not known.`;
  }
  return undefined;
}

/** The text with a placeholder in place of what is selected, and where the cursor stands then. */
export function insertAt(text: string, name: string, from: number, to: number): { text: string; cursor: number } {
  const put = `{${name}}`;
  return { text: text.slice(0, from) + put + text.slice(to), cursor: from + put.length };
}
