import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { type Counter, deliveryLabel, deliveryTone, missingReason } from "@/features/tracking/labels";
import type { Post } from "@/features/tracking/types";
import { compact, NONE, number } from "@/lib/format";

/** What a post is called: its title, else how its text begins. */
export function postTitle({ title, body, kind }: Pick<Post, "title" | "body" | "kind">): string {
  const text = (title || body || "").replace(/\s+/g, " ").trim();
  if (text === "") return kind === "repost" ? "Repost" : "Without text";
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

interface CountProps {
  post: Pick<Post, "metrics" | "platform">;
  counter: Counter;
  locale: string;
}

/** A counter, short, with the whole number on hover; a dash with the reason where there is none. */
export function Count({ post, counter, locale }: CountProps) {
  const value = post.metrics[counter];
  if (value !== null) return <span title={number(value, locale)}>{compact(value, locale)}</span>;
  const reason = missingReason(post.platform, counter);
  return (
    <span title={reason} className="text-subtle">
      <span aria-hidden>{NONE}</span>
      <span className="sr-only">{reason}</span>
    </span>
  );
}

/** Whether the post reached Discord, and why not. */
export function DeliveryBadge({ delivery }: Pick<Post, "delivery">) {
  const { state, reason } = delivery;
  return (
    <Badge tone={deliveryTone[state]} dot title={reason ?? undefined}>
      {deliveryLabel[state]}
    </Badge>
  );
}

/** Edited and removed marks with when. */
export function Marks({ post }: { post: Pick<Post, "editedAt" | "removedAt"> }) {
  return (
    <>
      {post.removedAt && (
        <Badge tone="danger">
          Removed <RelativeTime at={post.removedAt} />
        </Badge>
      )}
      {post.editedAt && !post.removedAt && (
        <Badge>
          Edited <RelativeTime at={post.editedAt} />
        </Badge>
      )}
    </>
  );
}
