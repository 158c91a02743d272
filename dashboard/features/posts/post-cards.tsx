"use client";

import { rowLink } from "@/components/data/row-focus";
import { RelativeTime } from "@/components/data/time";
import { WindowGrid } from "@/components/data/window-grid";
import { Link } from "@/components/ui/link";
import { type Counter, counterLabel, kindLabel, platformLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Post } from "@/features/tracking/types";
import { cn } from "@/lib/cn";
import { useLocale } from "@/lib/format-hooks";
import { Count, DeliveryBadge, Marks, postTitle } from "./cells";
import { postHref } from "./columns";
import type { PostListProps } from "./posts-table";
import { Thumbnail } from "./thumbnail";

interface PostCardsProps extends PostListProps {
  /** Big pictures side by side, or small ones one below the other. */
  gallery: boolean;
}

const postId = (post: Post) => post.id;
const COUNTERS = ["views", "likes", "comments"] as const satisfies readonly Counter[];

export function PostCards({ guildId, posts, accountName, gallery, total, onNearEnd, onTop, footer }: PostCardsProps) {
  return (
    <>
      <WindowGrid
        items={posts}
        id={postId}
        label="Posts"
        total={total}
        estimate={gallery ? 300 : 112}
        {...(gallery && { minWidth: 240 })}
        onNearEnd={onNearEnd}
        onTop={onTop}
        render={(post) => <Card {...{ guildId, post, gallery }} author={accountName(post.accountId)} />}
      />
      {footer}
    </>
  );
}

interface CardProps {
  guildId: string;
  post: Post;
  gallery: boolean;
  author: string | undefined;
}

function Card({ guildId, post, gallery, author }: CardProps) {
  return (
    <article
      className={cn(
        "group relative flex h-full overflow-hidden rounded-lg border bg-surface shadow-card hover:border-line-strong",
        gallery ? "flex-col" : "gap-3 p-3",
      )}
    >
      <Thumbnail post={post} className={gallery ? "aspect-video w-full" : "h-16 w-24 rounded"} />
      <div className={cn("grid min-w-0 flex-1 content-start gap-1.5", gallery && "p-3")}>
        <Link
          href={postHref(guildId, post.id)}
          {...rowLink}
          prefetch={false}
          className="line-clamp-2 font-medium text-sm after:absolute after:inset-0 group-hover:underline"
        >
          {postTitle(post)}
        </Link>
        <p className="flex min-w-0 items-center gap-1.5 text-muted text-xs">
          <PlatformIcon platform={post.platform} className="size-3.5" />
          <span className="truncate">{author ?? post.authorName ?? platformLabel[post.platform]}</span>
          <span aria-hidden>·</span>
          <span className="shrink-0">{kindLabel[post.kind]}</span>
          <span aria-hidden>·</span>
          <RelativeTime at={post.publishedAt} className="shrink-0" />
        </p>
        <Counters post={post} />
        <p className="flex flex-wrap items-center gap-1.5">
          <DeliveryBadge delivery={post.delivery} />
          <Marks post={post} />
        </p>
      </div>
    </article>
  );
}

function Counters({ post }: { post: Post }) {
  const locale = useLocale();
  const known = COUNTERS.filter((counter) => post.metrics[counter] !== null);
  if (known.length === 0) return null;
  return (
    <dl className="figures flex flex-wrap gap-x-3 text-muted text-xs">
      {known.map((counter) => (
        <div key={counter} className="flex gap-1">
          <dt>{counterLabel[counter]}</dt>
          <dd className="font-medium text-fg">
            <Count {...{ post, counter, locale }} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
