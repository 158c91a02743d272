"use client";

import { useState } from "react";
import { FileText, ImageIcon, Play } from "@/components/ui/icons";
import type { Post } from "@/features/tracking/types";
import { cn } from "@/lib/cn";

interface ThumbnailProps {
  post: Pick<Post, "thumbnailUrl" | "kind">;
  className?: string;
}

const moving = (kind: Post["kind"]) => kind === "video" || kind === "short" || kind === "live";

/**
 * The picture of a post, from where the platform keeps it: lazy, in a box of fixed size, without telling that place which
 * page shows it. It decorates; the title stands beside it.
 */
export function Thumbnail({ post, className }: ThumbnailProps) {
  const [broken, setBroken] = useState(false);
  const Icon = post.thumbnailUrl ? ImageIcon : moving(post.kind) ? Play : FileText;
  return (
    <span className={cn("relative block shrink-0 overflow-hidden bg-active text-subtle", className)} aria-hidden>
      {post.thumbnailUrl && !broken ? (
        // biome-ignore lint/performance/noImgElement: our server does not fetch what strangers name
        <img
          src={post.thumbnailUrl}
          alt=""
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setBroken(true)}
          className="size-full object-cover"
        />
      ) : (
        <span className="grid size-full place-items-center">
          <Icon className="size-4" />
        </span>
      )}
    </span>
  );
}
