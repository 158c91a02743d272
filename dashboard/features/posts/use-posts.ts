"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef } from "react";
import type { PostList } from "@/features/tracking/types";
import { useConnection } from "@/lib/query/provider";
import { useInfiniteQuery, useQuery } from "@/lib/query/use-query";
import { useParamsState } from "@/lib/url/use-params";
import { type PostFilters, postParams } from "./filters";
import { flatten, newOnes, type Pages, withHead } from "./merge";
import { newestPostsQuery, postsQuery } from "./queries";

const none: PostList[] = [];

/** The filters in the address. */
export function usePostFilters() {
  return useParamsState(postParams);
}

/** The posts that match, page after page, and what is new since the first page was read. */
export function usePosts(guildId: string, filters: PostFilters, atTop: boolean) {
  const settled = useDeferredValue(filters);
  const client = useQueryClient();
  const options = useMemo(() => postsQuery(guildId, settled), [guildId, settled]);
  const list = useInfiniteQuery(options);
  const first = list.data?.pages[0];
  const head = useQuery({
    ...newestPostsQuery(guildId, settled),
    enabled: first !== undefined,
    initialData: first,
    initialDataUpdatedAt: list.dataUpdatedAt,
  }).data;
  const posts = useMemo(() => flatten(list.data?.pages ?? none), [list.data?.pages]);
  const fresh = useMemo(() => (head && head !== first ? newOnes(posts, head) : 0), [head, first, posts]);

  const queryKey: QueryKey = options.queryKey;
  const join = useCallback(() => {
    if (head) client.setQueryData<Pages>(queryKey, (before) => withHead(before, head));
  }, [client, head, queryKey]);
  // At the top of the list new posts just appear; further down they would push away what is being read.
  const joins = atTop || fresh === 0;
  const joined = useRef(first);
  useEffect(() => {
    if (!joins || head === undefined || head === joined.current) return;
    joined.current = head;
    join();
  }, [joins, head, join]);

  const { status } = useConnection();
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && status !== "stale") void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, status, fetchNextPage]);

  return {
    posts,
    fresh: atTop ? 0 : fresh,
    join,
    more,
    again: () => void fetchNextPage(),
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    moreFailed: isFetchNextPageError,
    asOf: head?.asOf ?? first?.asOf ?? null,
    isPending: list.isPending,
    isSettling: settled !== filters,
    error: list.data === undefined ? list.error : null,
    refetch: list.refetch,
    isFetching: list.isFetching,
  };
}
