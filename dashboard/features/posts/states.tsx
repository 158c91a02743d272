import { guildHref } from "@/components/shell/navigation";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Newspaper, SearchX } from "@/components/ui/icons";
import { LoadingLabel, Skeleton, SkeletonRows } from "@/components/ui/skeleton";

export function PostsSkeleton() {
  return (
    <div className="rounded-lg border bg-surface shadow-card">
      <LoadingLabel>Loading posts</LoadingLabel>
      <SkeletonRows rows={9} />
    </div>
  );
}

export function PostSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <LoadingLabel>Loading the post</LoadingLabel>
      <div className="grid gap-4">
        <Skeleton className="h-64 rounded-lg" />
        <Skeleton className="h-80 rounded-lg" />
      </div>
      <Skeleton className="h-96 rounded-lg" />
    </div>
  );
}

export function NoMatch() {
  return (
    <EmptyState icon={SearchX} title="No post matches">
      Try another word, a longer time, or take a filter away.
    </EmptyState>
  );
}

export function NoPosts({ guildId }: { guildId: string }) {
  return (
    <EmptyState
      icon={Newspaper}
      title="No posts yet"
      action={<LinkButton href={guildHref(guildId, "/tracking/accounts")}>See the accounts</LinkButton>}
    >
      What the tracked accounts publish appears here after their first check.
    </EmptyState>
  );
}
