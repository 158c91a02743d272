// What filters in the address may say. Without the words for it, which come with the parts of pages that show them.

export const PLATFORMS = ["rss", "bluesky", "mastodon", "youtube", "twitch", "x", "instagram", "tiktok"] as const;

export const ACCOUNT_STATES = [
  "ok",
  "learning",
  "quiet",
  "failing",
  "incident",
  "paused",
  "paused_by_plan",
  "gone",
] as const;

export const POST_KINDS = ["post", "video", "short", "live", "reply", "repost"] as const;
