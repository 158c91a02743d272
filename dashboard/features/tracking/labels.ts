import type { Tone } from "@/components/ui/badge";
import type { AccountState, Platform, PostDeliveryState, PostKind } from "./types";

export const platformLabel: Record<Platform, string> = {
  rss: "RSS",
  bluesky: "Bluesky",
  mastodon: "Mastodon",
  youtube: "YouTube",
  twitch: "Twitch",
  x: "X",
  instagram: "Instagram",
  tiktok: "TikTok",
};

export const stateLabel: Record<AccountState, string> = {
  ok: "OK",
  learning: "Learning",
  quiet: "Quiet",
  failing: "Failing",
  incident: "Incident",
  paused: "Paused",
  paused_by_plan: "Over the plan",
  gone: "Gone",
};

export const stateTone: Record<AccountState, Tone> = {
  ok: "success",
  learning: "info",
  quiet: "neutral",
  failing: "danger",
  incident: "warning",
  paused: "neutral",
  paused_by_plan: "warning",
  gone: "danger",
};

/** What a state means and what to do about it. */
export const stateMeaning: Record<AccountState, string> = {
  ok: "Checked as planned.",
  learning: "Looked at for the first time. What is there already is stored and not announced.",
  quiet: "Nothing new for long, so it is checked less often.",
  failing: "The platform refuses or does not answer. It is tried again by itself, less and less often.",
  incident: "The whole platform has a problem. The account is not to blame; what was missed follows.",
  paused: "Paused by a manager. Nothing is checked until somebody resumes it.",
  paused_by_plan: "Your plan allows fewer accounts. Remove some or change the plan, and it goes on.",
  gone: "Deleted at the platform. You can stop tracking it; its posts stay until then.",
};

export const kindLabel: Record<PostKind, string> = {
  post: "Post",
  video: "Video",
  short: "Short",
  live: "Live",
  reply: "Reply",
  repost: "Repost",
};

export const deliveryLabel: Record<PostDeliveryState, string> = {
  none: "Not announced",
  pending: "Waiting",
  sending: "Sending",
  sent: "Delivered",
  retry: "Trying again",
  dead: "Not delivered",
  skipped: "Skipped",
};

export const deliveryTone: Record<PostDeliveryState, Tone> = {
  none: "neutral",
  pending: "info",
  sending: "info",
  sent: "success",
  retry: "warning",
  dead: "danger",
  skipped: "neutral",
};

const COUNTERS: Record<Platform, readonly Counter[]> = {
  rss: [],
  bluesky: ["likes", "comments", "shares"],
  mastodon: ["likes", "comments", "shares"],
  youtube: ["views", "likes", "comments"],
  twitch: ["views"],
  x: ["views", "likes", "comments", "shares"],
  instagram: ["views", "likes", "comments", "shares"],
  tiktok: ["views", "likes", "comments", "shares"],
};

export type Counter = "views" | "likes" | "comments" | "shares";

export const counterLabel: Record<Counter, string> = {
  views: "Views",
  likes: "Likes",
  comments: "Comments",
  shares: "Shares",
};

/** Whether posts of the platform have any counters. */
export const hasCounters = (platform: Platform): boolean => COUNTERS[platform].length > 0;

/** Why a counter has no value: the platform has none, or it was not measured yet. */
export function missingReason(platform: Platform, counter: Counter): string {
  return COUNTERS[platform].includes(counter)
    ? `Not measured yet`
    : `${platformLabel[platform]} does not offer ${counterLabel[counter].toLowerCase()}`;
}
