import type { components } from "@/lib/schema";

export type Platform = components["schemas"]["Platform"];

const names: Record<Platform, string> = {
  rss: "Feeds",
  bluesky: "Bluesky",
  mastodon: "Mastodon",
  youtube: "YouTube",
  twitch: "Twitch",
  x: "X",
  instagram: "Instagram",
  tiktok: "TikTok",
};

export const platformName = (platform: Platform): string => names[platform];

/** The same for a word that may be no platform, such as the key of a group. */
export const platformLabel = (key: string): string => (Object.hasOwn(names, key) ? names[key as Platform] : key);
