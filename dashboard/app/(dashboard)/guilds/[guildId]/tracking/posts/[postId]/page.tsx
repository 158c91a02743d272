import type { Metadata } from "next";
import { Suspense } from "react";
import { PostDetail } from "@/features/posts/post-detail";
import { deliveriesQuery, metricsQuery, postQuery } from "@/features/posts/queries";
import { PostSkeleton } from "@/features/posts/states";
import { brandsQuery, channelsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Post" };

type Props = { params: Promise<{ guildId: string; postId: string }> };

export default async function PostPage({ params }: Props) {
  const { guildId, postId } = await params;
  const queries = [
    ...[postQuery(guildId, postId), metricsQuery(guildId, postId), deliveriesQuery(guildId, postId)],
    ...[brandsQuery(guildId), channelsQuery(guildId)],
  ];
  return (
    <Suspense fallback={<PostSkeleton />}>
      <Prefetched queries={queries}>
        <PostDetail guildId={guildId} postId={postId} />
      </Prefetched>
    </Suspense>
  );
}
