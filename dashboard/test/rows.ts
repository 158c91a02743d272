import type { Account, AccountList, Post, PostList } from "@/features/tracking/types";

const at = "2026-11-22T10:00:00.000Z";

export function anAccount(change: Partial<Account> & { id: string }): Account {
  return {
    ...{ brandId: "b1", groupId: "g1", platform: "bluesky", handle: `${change.id}.example`, displayName: null },
    ...{
      url: "https://bsky.app/profile/x.example",
      avatarUrl: null,
      followers: null,
      state: "ok",
      stateSince: at,
      action: "none",
    },
    ...{ stateReason: null, lastPolledAt: at, nextPollAt: at, lastPostAt: null, channelId: null, createdAt: at },
    asOf: at,
    ...change,
  };
}

export function aPost(change: Partial<Post> & { id: string }): Post {
  return {
    ...{ accountId: "a1", brandId: "b1", platform: "youtube", kind: "video", externalId: change.id, url: null },
    ...{ title: change.id, body: null, authorName: null, thumbnailUrl: null, publishedAt: at, firstSeenAt: at },
    ...{ editedAt: null, removedAt: null, asOf: at },
    metrics: { views: null, likes: null, comments: null, shares: null, measuredAt: null },
    delivery: { state: "sent", messageUrl: null, deliveredAt: at, reason: null },
    ...change,
  };
}

export const accountPage = (ids: string[], nextCursor: string | null): AccountList => ({
  ...{ items: ids.map((id) => anAccount({ id })), nextCursor, asOf: at },
});

export const postPage = (ids: string[], nextCursor: string | null): PostList => ({
  ...{ items: ids.map((id) => aPost({ id })), nextCursor, asOf: at },
});
