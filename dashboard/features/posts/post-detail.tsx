"use client";

import type { Route } from "next";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { guildHref } from "@/components/shell/navigation";
import { PageHeader } from "@/components/shell/page-header";
import { Badge } from "@/components/ui/badge";
import { ExternalButton } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { ExternalLink } from "@/components/ui/icons";
import { later } from "@/components/ui/in-browser";
import { Link } from "@/components/ui/link";
import { Skeleton } from "@/components/ui/skeleton";
import { Facts } from "@/components/ui/table";
import { counterLabel, hasCounters, kindLabel, missingReason, platformLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Post } from "@/features/tracking/types";
import { useAuthors } from "@/features/tracking/use-authors";
import { usePlaces, useWriteAccess } from "@/features/tracking/use-tracking";
import { NONE, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import { Marks, postTitle } from "./cells";
import { COUNTERS } from "./metric-history";
import { postQuery } from "./queries";
import { PostSkeleton } from "./states";
import { Thumbnail } from "./thumbnail";

const placeholder = () => <Skeleton className="h-80 rounded-lg" />;
const DeliveryCard = later(async () => (await import("./delivery-trail")).DeliveryCard, placeholder);
const MetricCard = later(async () => (await import("./metric-card")).MetricCard, placeholder);

export function PostDetail({ guildId, postId }: { guildId: string; postId: string }) {
  const { data: post, error, refetch, isFetching } = useQuery(postQuery(guildId, postId));
  const places = usePlaces(guildId);
  const access = useWriteAccess(guildId);
  const trail = [{ label: "Posts", href: guildHref(guildId, "/tracking/posts") }];
  if (!post) {
    return (
      <>
        <PageHeader title="Post" trail={trail} />
        {error ? <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} /> : <PostSkeleton />}
      </>
    );
  }
  const counts = hasCounters(post.platform);
  return (
    <>
      <PageHeader
        title={postTitle(post)}
        trail={trail}
        hint={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span>
              Published <RelativeTime at={post.publishedAt} />
            </span>
            <Marks post={post} />
          </span>
        }
        actions={post.url && <OpenButton post={post} url={post.url} />}
      />
      {counts && <Figures post={post} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-4">
          {counts && <MetricCard guildId={guildId} post={post} />}
          <Content post={post} />
        </div>
        <div className="grid min-w-0 gap-4">
          <DeliveryCard {...{ guildId, postId, places, access }} />
          <About guildId={guildId} post={post} brand={places.brand(post.brandId)?.name} />
        </div>
      </div>
    </>
  );
}

function OpenButton({ post, url }: { post: Post; url: string }) {
  return (
    <ExternalButton href={url} referrerPolicy="no-referrer">
      <ExternalLink aria-hidden />
      {post.removedAt
        ? "Open what is left of it"
        : post.platform === "rss"
          ? "Open the post"
          : `Open on ${platformLabel[post.platform]}`}
    </ExternalButton>
  );
}

function Figures({ post }: { post: Post }) {
  const locale = useLocale();
  return (
    <section aria-label="Figures" className="mb-4 rounded-lg border bg-surface shadow-card">
      <dl className="grid grid-cols-2 sm:grid-cols-4 sm:divide-x">
        {COUNTERS.map((counter) => {
          const value = post.metrics[counter];
          return (
            <div key={counter} className="px-4 py-3">
              <dt className="text-muted text-xs">{counterLabel[counter]}</dt>
              <dd className="figures mt-0.5 font-semibold text-lg">{value === null ? NONE : number(value, locale)}</dd>
              {value === null && <dd className="text-subtle text-xs">{missingReason(post.platform, counter)}</dd>}
            </div>
          );
        })}
      </dl>
      {post.metrics.measuredAt && (
        <p className="border-t px-4 py-2 text-muted text-xs">
          Measured <RelativeTime at={post.metrics.measuredAt} />
        </p>
      )}
    </section>
  );
}

function Content({ post }: { post: Post }) {
  return (
    <Card aria-labelledby="content">
      <CardHeader id="content" title="The post" />
      <CardBody className="grid gap-4">
        {post.thumbnailUrl && <Thumbnail post={post} className="aspect-video w-full max-w-xl rounded-md" />}
        {post.title && <p className="font-medium text-base">{post.title}</p>}
        {post.body ? (
          <p className="wrap-anywhere max-w-prose whitespace-pre-wrap leading-6">{post.body}</p>
        ) : (
          !post.title && <p className="text-muted">It has no text.</p>
        )}
      </CardBody>
    </Card>
  );
}

function AccountLink({ guildId, post }: { guildId: string; post: Post }) {
  const author = useAuthors(guildId, [post]);
  return (
    <Link
      href={`/guilds/${guildId}/tracking/accounts?open=${post.accountId}` as Route}
      className="wrap-anywhere rounded text-accent-text hover:underline"
    >
      {author(post) ?? "Open"}
    </Link>
  );
}

function About({ guildId, post, brand }: { guildId: string; post: Post; brand: string | undefined }) {
  return (
    <Card aria-labelledby="about">
      <CardHeader id="about" title="About" />
      <CardBody>
        <Facts
          items={[
            ["Account", <AccountLink key="account" {...{ guildId, post }} />],
            ["Brand", brand ?? NONE],
            [
              "Platform",
              <span key="platform" className="inline-flex items-center gap-1.5">
                <PlatformIcon platform={post.platform} decorative />
                {platformLabel[post.platform]}
              </span>,
            ],
            ...(hasCounters(post.platform) ? [] : [["Figures", "Feeds carry none"] as const]),
            ["Kind", <Badge key="kind">{kindLabel[post.kind]}</Badge>],
            ["First seen", <RelativeTime key="seen" at={post.firstSeenAt} />],
            ["Confirmed", <RelativeTime key="asof" at={post.asOf} none="Not yet" />],
            [
              "Platform's id",
              <span key="id" className="flex items-center justify-end gap-1">
                <code className="truncate font-mono text-xs">{post.externalId}</code>
                <CopyButton value={post.externalId} label="Copy the platform's id" />
              </span>,
            ],
          ]}
        />
      </CardBody>
    </Card>
  );
}
