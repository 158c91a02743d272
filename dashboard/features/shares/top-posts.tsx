import { kindLabel, platformLabel } from "@/features/tracking/labels";
import { compact } from "@/lib/format";
import { dateIn, webAddress } from "./days";
import type { Scorecard } from "./queries";

type Item = Scorecard["topPosts"][number];

const COUNTERS = ["views", "likes", "comments", "shares"] as const;

/** The posts of the week that were met with most. */
export function TopPosts({ posts }: { posts: readonly Item[] }) {
  if (posts.length === 0) return null;
  return (
    <section aria-labelledby="top-posts" className="rounded-lg border bg-surface shadow-card print:shadow-none">
      <h2 id="top-posts" className="px-4 pt-4 pb-2 font-semibold text-sm">
        Top posts
      </h2>
      <ol className="divide-y">
        {posts.map((post) => (
          <TopPost key={`${post.publishedAt} ${post.url} ${post.title}`} post={post} />
        ))}
      </ol>
    </section>
  );
}

function TopPost({ post }: { post: Item }) {
  const text = post.title || post.body || "Without words";
  const told = COUNTERS.flatMap((counter) => {
    const value = post[counter];
    return value === null ? [] : [`${compact(value)} ${value === 1 ? counter.slice(0, -1) : counter}`];
  });
  return (
    <li className="flex break-inside-avoid gap-3 px-4 py-3">
      {post.thumbnailUrl && (
        // biome-ignore lint/performance/noImgElement: of any host, on a page without an image service
        <img
          src={post.thumbnailUrl}
          alt=""
          loading="lazy"
          referrerPolicy="no-referrer"
          className="aspect-video w-28 shrink-0 self-start rounded border bg-sunken object-cover"
        />
      )}
      <div className="min-w-0">
        <p className="wrap-anywhere line-clamp-2 font-medium text-sm">
          {post.url ? (
            <a href={webAddress(post.url)} rel="noopener noreferrer" target="_blank" className="hover:underline">
              {text}
            </a>
          ) : (
            text
          )}
        </p>
        <p className="text-muted text-xs">
          {kindLabel[post.kind]} on {platformLabel[post.platform]} · {dateIn(post.publishedAt)}
        </p>
        {told.length > 0 && <p className="figures mt-0.5 text-xs">{told.join(" · ")}</p>}
      </div>
    </li>
  );
}
