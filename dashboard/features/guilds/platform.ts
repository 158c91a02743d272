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
