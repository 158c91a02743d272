"use client";

import { useQuery } from "@/lib/query/use-query";
import { namesakesQuery } from "./queries";
import type { Post } from "./types";

/**
 * Tells who wrote a post. Feeds often name nobody: then it is the account, or at least the site. Accounts are asked for
 * only where a post needs one.
 */
export function useAuthors(guildId: string, posts: readonly Post[]): (post: Post) => string | undefined {
  const nameless = posts.find((post) => !post.authorName)?.platform;
  const accounts = useQuery({ ...namesakesQuery(guildId, nameless ?? "rss"), enabled: nameless !== undefined }).data;
  return (post) => {
    if (post.authorName) return post.authorName;
    const account = accounts?.items.find(({ id }) => id === post.accountId);
    return account ? (account.displayName ?? account.handle) : siteOf(post.url);
  };
}

const siteOf = (url: string | null) =>
  url !== null && URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, "") : undefined;
