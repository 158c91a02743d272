import type { ColumnLayout } from "@/components/data/table";
import type { Account } from "@/features/tracking/types";

export const accountLayout: Record<string, ColumnLayout> = {
  select: { label: "Selection", track: "2.5rem" },
  name: { label: "Account", track: "minmax(13rem,2fr)" },
  platform: { label: "Platform", track: "7rem" },
  state: { label: "State", track: "minmax(9rem,1.4fr)" },
  place: { label: "Brand and group", track: "minmax(8rem,1fr)" },
  followers: { label: "Followers", track: "6rem", numeric: true },
  lastPostAt: { label: "Last post", track: "6.5rem" },
  nextPollAt: { label: "Next check", track: "6.75rem" },
  channel: { label: "Channel", track: "minmax(6.5rem,0.8fr)" },
  createdAt: { label: "Added", track: "6.5rem" },
  actions: { label: "Actions", track: "3rem" },
};

/** Which columns a reader can take away; the others name the row or act on it. */
export const CHOOSABLE = [
  "platform",
  "state",
  "place",
  "followers",
  "lastPostAt",
  "nextPollAt",
  "channel",
  "createdAt",
] as const;

export const accountName = (account: Account): string => account.displayName || account.handle;
