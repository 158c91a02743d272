import { createColumnHelper } from "@tanstack/react-table";
import type { Route } from "next";
import { rowLink } from "@/components/data/row-focus";
import type { ColumnLayout, Features } from "@/components/data/table";
import { RelativeTime } from "@/components/data/time";
import { Link } from "@/components/ui/link";
import { type Counter, counterLabel, kindLabel, platformLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Post } from "@/features/tracking/types";
import { Count, DeliveryBadge, Marks, postTitle } from "./cells";
import { Thumbnail } from "./thumbnail";

export const postLayout: Record<string, ColumnLayout> = {
  post: { label: "Post", track: "minmax(13rem,3fr)" },
  account: { label: "Account", track: "minmax(7.5rem,1fr)" },
  kind: { label: "Kind", track: "4.5rem" },
  publishedAt: { label: "Published", track: "6.75rem" },
  views: { label: "Views", track: "5rem", numeric: true },
  likes: { label: "Likes", track: "5rem", numeric: true },
  comments: { label: "Comments", track: "5.75rem", numeric: true },
  shares: { label: "Shares", track: "4.75rem", numeric: true },
  delivery: { label: "Discord", track: "minmax(8rem,1fr)" },
};

const helper = createColumnHelper<Features, Post>();

export const postHref = (guildId: string, postId: string): Route =>
  `/guilds/${guildId}/tracking/posts/${postId}` as Route;

interface ColumnDeps {
  guildId: string;
  locale: string;
  /** The account's name, where it is known. */
  accountName: (accountId: string) => string | undefined;
}

export function postColumns({ guildId, locale, accountName }: ColumnDeps) {
  const counter = (id: Counter, sorts: boolean) =>
    helper.accessor((post) => post.metrics[id] ?? undefined, {
      id,
      header: counterLabel[id],
      enableSorting: sorts,
      sortDescFirst: true,
      cell: ({ row }) => <Count post={row.original} counter={id} locale={locale} />,
    });
  return helper.columns([
    helper.display({
      id: "post",
      header: "Post",
      cell: ({ row: { original: post } }) => <PostCell guildId={guildId} post={post} />,
    }),
    helper.display({
      id: "account",
      header: "Account",
      cell: ({ row: { original: post } }) => (
        <span className="flex min-w-0 items-center gap-2">
          <PlatformIcon platform={post.platform} />
          <span className="truncate">
            {accountName(post.accountId) ?? post.authorName ?? platformLabel[post.platform]}
          </span>
        </span>
      ),
    }),
    helper.display({ id: "kind", header: "Kind", cell: ({ row }) => kindLabel[row.original.kind] }),
    helper.accessor("publishedAt", {
      header: "Published",
      sortDescFirst: true,
      cell: ({ row }) => <RelativeTime at={row.original.publishedAt} />,
    }),
    counter("views", true),
    counter("likes", true),
    counter("comments", false),
    counter("shares", false),
    helper.display({
      id: "delivery",
      header: "Discord",
      cell: ({ row }) => <DeliveryCell post={row.original} />,
    }),
  ]);
}

function PostCell({ guildId, post }: { guildId: string; post: Post }) {
  return (
    <Link
      href={postHref(guildId, post.id)}
      {...rowLink}
      prefetch={false}
      className="flex min-w-0 flex-1 items-center gap-3 rounded py-1"
    >
      <Thumbnail post={post} className="h-9 w-16 rounded" />
      <span className="grid min-w-0 gap-0.5">
        <span className="truncate font-medium group-hover:underline">{postTitle(post)}</span>
        {(post.editedAt || post.removedAt) && (
          <span>
            <Marks post={post} />
          </span>
        )}
      </span>
    </Link>
  );
}

function DeliveryCell({ post }: { post: Post }) {
  const { messageUrl, reason } = post.delivery;
  return (
    <span className="grid min-w-0 justify-items-start gap-0.5">
      {messageUrl ? (
        <a href={messageUrl} target="_blank" rel="noopener noreferrer" className="rounded hover:underline">
          <DeliveryBadge delivery={post.delivery} />
          <span className="sr-only">, open the message</span>
        </a>
      ) : (
        <DeliveryBadge delivery={post.delivery} />
      )}
      {reason && (
        <span className="block w-full truncate text-muted text-xs" title={reason}>
          {reason}
        </span>
      )}
    </span>
  );
}
