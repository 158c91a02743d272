"use client";

import type { Route } from "next";
import { RelativeTime } from "@/components/data/time";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button, ExternalButton, LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ExternalLink, Pause, Pencil, Play, RefreshCw, Trash2 } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Facts } from "@/components/ui/table";
import { platformLabel, stateLabel, stateMeaning, stateTone } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Account, Post } from "@/features/tracking/types";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { NONE, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { explain } from "@/lib/query/explain";
import { useQuery } from "@/lib/query/use-query";
import { read } from "@/lib/read";
import { type AccountActions, canPause } from "./account-menu";
import { accountName } from "./layout";
import { useAccountActs } from "./mutations";

interface AccountSheetProps extends Pick<AccountActions, "edit" | "remove"> {
  guildId: string;
  account: Account | null;
  places: Places;
  access: WriteAccess;
  onClose: () => void;
}

/** One account beside the list: its state and why, its figures, its latest posts, and what can be done. */
export function AccountSheet({ account, onClose, ...rest }: AccountSheetProps) {
  return (
    <Sheet
      open={account !== null}
      onOpenChange={(open) => !open && onClose()}
      title={account ? accountName(account) : "Account"}
    >
      {account && <Details account={account} {...rest} />}
    </Sheet>
  );
}

type DetailsProps = Omit<AccountSheetProps, "onClose"> & { account: Account };

function Details({ guildId, account, places, access, ...actions }: DetailsProps) {
  const locale = useLocale();
  return (
    <div className="grid grid-cols-1 gap-5 p-4">
      <div className="flex items-center gap-3">
        <Avatar name={accountName(account)} src={account.avatarUrl} className="size-11" />
        <div className="grid min-w-0 flex-1">
          <span className="flex items-center gap-1.5 text-sm">
            <PlatformIcon platform={account.platform} decorative />
            {platformLabel[account.platform]}
          </span>
          <span className="flex items-center gap-1 text-muted text-sm">
            <span className="truncate">{account.handle}</span>
            <CopyButton value={account.handle} label="Copy the handle" />
          </span>
        </div>
        <ExternalButton href={account.url} size="sm" referrerPolicy="no-referrer">
          <ExternalLink aria-hidden />
          Open
        </ExternalButton>
      </div>
      <StateNote account={account} />
      <Facts
        items={[
          ["Brand", places.brand(account.brandId)?.name ?? NONE],
          ["Group", places.group(account.groupId)?.name ?? NONE],
          ["Channel", account.channelId === null ? "The server's default" : places.channel(account.channelId)],
          ["Followers", number(account.followers, locale)],
          ["Last post", <RelativeTime key="post" at={account.lastPostAt} none="None yet" />],
          ["Last check", <RelativeTime key="poll" at={account.lastPolledAt} none="Not yet" />],
          ["Next check", <RelativeTime key="next" at={account.nextPollAt} none="None planned" />],
          ["Tracked since", <RelativeTime key="since" at={account.createdAt} />],
        ]}
      />
      {access.canManage && <Writes {...{ guildId, account, access }} {...actions} />}
      <LatestPosts guildId={guildId} account={account} />
    </div>
  );
}

function StateNote({ account }: { account: Account }) {
  return (
    <section aria-label="State" className="grid gap-1.5 rounded-md border bg-sunken p-3 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={stateTone[account.state]} dot>
          {stateLabel[account.state]}
        </Badge>
        <span className="text-muted text-xs">
          since <RelativeTime at={account.stateSince} />
        </span>
      </div>
      {account.stateReason && <p className="font-medium">{account.stateReason}</p>}
      <p className="text-muted">{stateMeaning[account.state]}</p>
    </section>
  );
}

type WritesProps = Omit<DetailsProps, "places">;

function Writes({ guildId, account, access, edit, remove }: WritesProps) {
  const { check, pause } = useAccountActs(guildId);
  const paused = account.state === "paused";
  const disabled = access.blocked !== undefined;
  return (
    <div className="flex flex-wrap gap-2">
      {account.action === "retry_now" && (
        <Button size="sm" variant="primary" disabled={disabled} onClick={() => check(account)}>
          <RefreshCw aria-hidden />
          Check now
        </Button>
      )}
      <Button size="sm" disabled={disabled} onClick={() => edit(account)}>
        <Pencil aria-hidden />
        Edit
      </Button>
      {canPause(account) && (
        <Button size="sm" disabled={disabled} onClick={() => pause(account, !paused)}>
          {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
          {paused ? "Resume" : "Pause"}
        </Button>
      )}
      <Button size="sm" variant="danger" disabled={disabled} onClick={() => remove(account)}>
        <Trash2 aria-hidden />
        Stop tracking
      </Button>
      {access.blocked && <p className="w-full text-muted text-xs">{access.blocked}</p>}
    </div>
  );
}

const LATEST = 8;

function LatestPosts({ guildId, account }: { guildId: string; account: Account }) {
  const posts = useQuery(
    read("/guilds/{guildId}/posts", { params: { path: { guildId }, query: { accountId: account.id, limit: LATEST } } }),
  );
  return (
    <section aria-labelledby="latest-posts" className="grid grid-cols-1 gap-2">
      <div className="flex items-center justify-between">
        <h3 id="latest-posts" className="font-semibold text-sm">
          Latest posts
        </h3>
        <LinkButton variant="link" size="sm" href={`/guilds/${guildId}/tracking/posts?account=${account.id}` as Route}>
          All posts
        </LinkButton>
      </div>
      {posts.data ? (
        <PostList guildId={guildId} posts={posts.data.items} />
      ) : posts.error ? (
        <p className="text-muted text-sm">{explain(posts.error).advice}</p>
      ) : (
        <Skeleton className="h-40" />
      )}
    </section>
  );
}

function PostList({ guildId, posts }: { guildId: string; posts: readonly Post[] }) {
  if (posts.length === 0) return <p className="text-muted text-sm">Nothing published since it is tracked.</p>;
  return (
    <ul className="divide-y rounded-md border text-sm">
      {posts.map((post) => (
        <li key={post.id}>
          <Link
            href={`/guilds/${guildId}/tracking/posts/${post.id}` as Route}
            className="focus-inset flex items-baseline justify-between gap-3 px-3 py-2 hover:bg-hover"
          >
            <span className="truncate">{post.title || post.body || "Without text"}</span>
            <RelativeTime at={post.publishedAt} className="shrink-0 text-muted text-xs" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
