import type { Metadata } from "next";
import { Suspense } from "react";
import { postParams } from "@/features/posts/filters";
import { PostsView } from "@/features/posts/posts-view";
import { postsQuery } from "@/features/posts/queries";
import { PostsSkeleton } from "@/features/posts/states";
import { brandsQuery, groupsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";
import { readParams, type SearchParams } from "@/lib/url/params";

export const metadata: Metadata = { title: "Posts" };

type Props = { params: Promise<{ guildId: string }>; searchParams: Promise<SearchParams> };

export default async function PostsPage({ params, searchParams }: Props) {
  const [{ guildId }, search] = await Promise.all([params, searchParams]);
  const queries = [postsQuery(guildId, readParams(postParams, search)), brandsQuery(guildId), groupsQuery(guildId)];
  return (
    <Suspense fallback={<PostsSkeleton />}>
      <Prefetched queries={queries}>
        <PostsView guildId={guildId} />
      </Prefetched>
    </Suspense>
  );
}
