"use client";

import { type SortingState, useTable } from "@tanstack/react-table";
import { type ReactNode, useMemo } from "react";
import { features } from "@/components/data/table";
import { VirtualTable } from "@/components/data/virtual-table";
import type { Post, PostSort } from "@/features/tracking/types";
import { useLocale } from "@/lib/format-hooks";
import { postColumns, postLayout } from "./columns";
import { POST_SORTS } from "./filters";

export interface PostListProps {
  guildId: string;
  posts: Post[];
  accountName: (accountId: string) => string | undefined;
  onNearEnd: () => void;
  onTop: (atTop: boolean) => void;
  footer: ReactNode;
  total: number | "unknown";
}

interface PostsTableProps extends PostListProps {
  sort: PostSort;
  onSort: (sort: PostSort) => void;
}

const ROW = 60;
const postId = (post: Post) => post.id;

export function PostsTable(props: PostsTableProps) {
  const { guildId, posts, accountName, sort, onSort, total, ...rest } = props;
  const locale = useLocale();
  const columns = useMemo(() => postColumns({ guildId, locale, accountName }), [guildId, locale, accountName]);
  // The API sorts, and only from most to least: pressing the sorted column again changes nothing.
  const sorting = useMemo<SortingState>(() => [{ id: sort, desc: true }], [sort]);
  const table = useTable({
    features,
    columns,
    data: posts,
    getRowId: postId,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting },
    onSortingChange: (update) => {
      const id = (typeof update === "function" ? update(sorting) : update)[0]?.id;
      const next = POST_SORTS.find((known) => known === id);
      if (next) onSort(next);
    },
  });
  return (
    <VirtualTable
      table={table}
      layout={postLayout}
      label="Posts"
      rowHeight={ROW}
      total={total}
      className="max-h-[max(20rem,calc(100dvh-11.5rem))] rounded-lg border bg-surface shadow-card"
      {...rest}
    />
  );
}
