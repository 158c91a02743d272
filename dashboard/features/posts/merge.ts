import type { InfiniteData } from "@tanstack/react-query";
import type { Post, PostList } from "@/features/tracking/types";

export type Pages = InfiniteData<PostList, string | null>;

/**
 * Puts a fresh first page in front of what is loaded already. Asking for every loaded page again would cost a call each;
 * the first one tells what is new, and later pages keep their cursors. A first page that shares nothing with what is
 * loaded means that too much happened meanwhile: the list begins anew from it.
 */
export function withHead(before: Pages | undefined, head: PostList): Pages {
  const fresh: Pages = { pages: [head], pageParams: [null] };
  const [first, ...rest] = before?.pages ?? [];
  if (!first || head.nextCursor === null) return fresh;
  const ids = new Set(head.items.map((post) => post.id));
  if (!first.items.some((post) => ids.has(post.id))) return fresh;
  const without = (items: Post[]) => items.filter((post) => !ids.has(post.id));
  const overlap = { ...first, items: [...head.items, ...without(first.items)], asOf: head.asOf };
  return {
    pages: [overlap, ...rest.map((page) => ({ ...page, items: without(page.items) }))],
    pageParams: before?.pageParams ?? [null],
  };
}

/** All posts of the loaded pages, each once: a post may move over a page's edge between two calls. */
export function flatten(pages: readonly PostList[]): Post[] {
  const seen = new Set<string>();
  const posts: Post[] = [];
  for (const page of pages) {
    for (const post of page.items) {
      if (seen.has(post.id)) continue;
      seen.add(post.id);
      posts.push(post);
    }
  }
  return posts;
}

/** How many posts of a fresh first page are not in the list yet, before the first that is. */
export function newOnes(known: readonly Post[], head: PostList): number {
  const ids = new Set(known.map((post) => post.id));
  const index = head.items.findIndex((post) => ids.has(post.id));
  return index < 0 ? head.items.length : index;
}
