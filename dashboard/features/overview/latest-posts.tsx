"use client";

import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { guildHref } from "@/components/shell/navigation";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Newspaper } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { SkeletonRows } from "@/components/ui/skeleton";

import { useIsLive } from "@/features/live/use-live";
import { deliveryLabel, deliveryTone, platformLabel } from "@/features/tracking/labels";
import type { Post } from "@/features/tracking/types";
import { useAuthors } from "@/features/tracking/use-authors";
import { useQuery } from "@/lib/query/use-query";
import { latestPostsQuery } from "./queries";

const none: Post[] = [];
const INTERVAL = 30_000;
const CALM_INTERVAL = 120_000;

export function LatestPosts({ guildId }: { guildId: string }) {
  // What the stream does not tell are figures, of which none are shown here.
  const refetchInterval = useIsLive() ? CALM_INTERVAL : INTERVAL;
  const { data, error, refetch, isFetching } = useQuery({ ...latestPostsQuery(guildId), refetchInterval });
  const author = useAuthors(guildId, data?.items ?? none);
  return (
    <Card aria-labelledby="latest">
      <CardHeader
        id="latest"
        title="Latest posts"
        hint={
          data?.asOf && (
            <>
              As of <RelativeTime at={data.asOf} />
            </>
          )
        }
        actions={
          <LinkButton href={guildHref(guildId, "/tracking/posts")} variant="ghost" size="sm">
            All posts
          </LinkButton>
        }
      />
      {data ? (
        data.items.length > 0 ? (
          <ul className="divide-y border-t">
            {data.items.map((post) => (
              <PostRow key={post.id} guildId={guildId} post={post} author={author(post)} />
            ))}
          </ul>
        ) : (
          <EmptyState icon={Newspaper} title="No posts yet" as="h3" className="py-8">
            They appear here as soon as the first account is read.
          </EmptyState>
        )
      ) : error ? (
        <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <SkeletonRows rows={5} />
      )}
    </Card>
  );
}

function PostRow({ guildId, post, author }: { guildId: string; post: Post; author: string | undefined }) {
  const { state, reason } = post.delivery;
  return (
    <li>
      <Link
        href={guildHref(guildId, `/tracking/posts/${post.id}`)}
        prefetch={false}
        className="focus-inset flex items-center gap-3 px-4 py-2.5 hover:bg-hover"
      >
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{post.title ?? post.body ?? "A post without text"}</p>
          <p className="mt-0.5 truncate text-muted text-xs">
            {author && `${author} · `}
            {platformLabel[post.platform]} · <RelativeTime at={post.publishedAt} />
          </p>
        </div>
        {state !== "none" && (
          <Badge tone={deliveryTone[state]} title={reason ?? undefined}>
            {deliveryLabel[state]}
          </Badge>
        )}
      </Link>
    </li>
  );
}
