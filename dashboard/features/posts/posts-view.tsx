"use client";

import { useCallback, useMemo, useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { ArrowUp } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { LoadMore } from "@/components/ui/load-more";
import { accountsQuery } from "@/features/accounts/queries";
import { ExportButton } from "@/features/exports/export-button";
import type { Account } from "@/features/tracking/types";
import { usePlaces } from "@/features/tracking/use-tracking";
import { useWide } from "@/features/tracking/use-wide";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import { oneOf } from "@/lib/url/params";
import { useParam } from "@/lib/url/use-params";
import { countFilters, exportFilters, VIEWS } from "./filters";
import { NoMatch, NoPosts, PostsSkeleton } from "./states";
import { PostToolbar } from "./toolbar";
import { usePostFilters, usePosts } from "./use-posts";

// Which of both is shown only the browser knows, so neither is in the server's page: their code comes after it.
const PostsTable = inBrowser(async () => (await import("./posts-table")).PostsTable, PostsSkeleton);
const PostCards = inBrowser(async () => (await import("./post-cards")).PostCards, PostsSkeleton);

const none: Account[] = [];
const viewParam = oneOf(VIEWS, "table");

export function PostsView({ guildId }: { guildId: string }) {
  const [filters, setFilters] = usePostFilters();
  const [view, setView] = useParam("view", viewParam);
  const [atTop, setAtTop] = useState(true);
  const places = usePlaces(guildId);
  const accounts = useQuery(accountsQuery(guildId)).data?.items ?? none;
  const list = usePosts(guildId, filters, atTop);
  const wide = useWide();
  const locale = useLocale();
  const names = useMemo(
    () => new Map(accounts.map((account) => [account.id, account.displayName || account.handle])),
    [accounts],
  );
  const accountName = useCallback((id: string) => names.get(id), [names]);
  const filtering = countFilters(filters) > 0 || filters.q.trim() !== "";

  const body = () => {
    if (list.error) {
      return <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />;
    }
    if (list.isPending || wide === null) return <PostsSkeleton />;
    if (list.posts.length === 0) return filtering ? <NoMatch /> : <NoPosts guildId={guildId} />;
    const shared = {
      ...{ guildId, accountName, posts: list.posts, onTop: setAtTop, onNearEnd: list.more },
      total: list.hasMore ? ("unknown" as const) : list.posts.length,
      footer: (
        <LoadMore
          shown={`${number(list.posts.length, locale)} ${list.posts.length === 1 ? "post" : "posts"}`}
          hasMore={list.hasMore}
          pending={list.isLoadingMore}
          failed={list.moreFailed}
          onMore={list.again}
        />
      ),
    };
    return wide && view === "table" ? (
      <PostsTable {...shared} sort={filters.sort} onSort={(sort) => setFilters({ sort })} />
    ) : (
      <PostCards {...shared} gallery={view === "gallery"} />
    );
  };

  return (
    <>
      <PageHeader
        title="Posts"
        hint={
          list.asOf ? (
            <>
              What the tracked accounts published, as of <RelativeTime at={list.asOf} />
            </>
          ) : (
            "What the tracked accounts published"
          )
        }
        actions={<ExportButton guildId={guildId} kind="posts" filters={exportFilters(filters)} />}
      />
      <PostToolbar {...{ filters, places, accounts, view }} onChange={setFilters} onView={setView} />
      <div role="status" className="flex justify-center">
        {list.fresh > 0 && (
          <Button size="sm" variant="primary" className="mb-2 rounded-full" onClick={list.join}>
            <ArrowUp aria-hidden />
            {list.fresh === 1 ? "1 new post" : `${number(list.fresh, locale)} new posts`}
          </Button>
        )}
      </div>
      <div aria-busy={list.isSettling} className={list.isSettling ? "opacity-70 transition-opacity" : undefined}>
        {body()}
      </div>
    </>
  );
}
