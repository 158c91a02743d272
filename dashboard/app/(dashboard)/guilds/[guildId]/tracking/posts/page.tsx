import type { Metadata } from "next";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { createLoader, type SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { postParsers } from "@/features/posts/filters";
import { PostsView } from "@/features/posts/posts-view";
import { postsQuery } from "@/features/posts/queries";
import { PostsSkeleton } from "@/features/posts/states";
import { brandsQuery, groupsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Posts" };

type Props = { params: Promise<{ guildId: string }>; searchParams: Promise<SearchParams> };

const loadFilters = createLoader(postParsers);

export default async function PostsPage({ params, searchParams }: Props) {
  const [{ guildId }, filters] = await Promise.all([params, loadFilters(searchParams)]);
  const queries = [postsQuery(guildId, filters), brandsQuery(guildId), groupsQuery(guildId)];
  return (
    <Suspense fallback={<PostsSkeleton />}>
      <Prefetched queries={queries}>
        <NuqsAdapter>
          <PostsView guildId={guildId} />
        </NuqsAdapter>
      </Prefetched>
    </Suspense>
  );
}
