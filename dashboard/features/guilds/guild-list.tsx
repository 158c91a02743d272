"use client";

import { useDeferredValue, useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { buttonVariants, ExternalButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Plus, SearchX, Server } from "@/components/ui/icons";
import { SearchInput } from "@/components/ui/search-input";
import { useQuery } from "@/lib/query/use-query";
import { GuildCard } from "./guild-card";
import { GuildListSkeleton } from "./guild-list-skeleton";
import { listed } from "./order";
import { type Guild, guildsQuery } from "./queries";
import { useRecent } from "./recent";

/** How many cards ask for their counts: each is a call of its own. */
const DETAILED = 12;

type ListProps = {
  /** Where Discord asks to which server the bot shall be added; without it the page does not offer it. */
  inviteUrl: string | undefined;
};

export function GuildList({ inviteUrl }: ListProps) {
  const { data, error, refetch, isFetching } = useQuery(guildsQuery);
  if (!data) {
    if (error) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />;
    return <GuildListSkeleton />;
  }
  return data.items.length === 0 ? (
    <NoGuild inviteUrl={inviteUrl} />
  ) : (
    <Guilds guilds={data.items} inviteUrl={inviteUrl} />
  );
}

function Guilds({ guilds, inviteUrl }: { guilds: Guild[]; inviteUrl: string | undefined }) {
  const [search, setSearch] = useState("");
  const recent = useRecent();
  const found = listed(guilds, useDeferredValue(search), recent);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <SearchInput label="Search servers" value={search} onValueChange={setSearch} className="w-full sm:max-w-72" />
        <p role="status" className="figures text-muted text-xs sm:ml-1">
          {found.length === guilds.length ? count(guilds.length) : `${found.length} of ${count(guilds.length)}`}
        </p>
        {inviteUrl && <AddBot href={inviteUrl} className="sm:ml-auto" />}
      </div>
      {found.length === 0 ? (
        <EmptyState icon={SearchX} title="No server of that name">
          Check the spelling, or clear the search to see all {guilds.length}.
        </EmptyState>
      ) : (
        <ul className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
          {found.map((guild, place) => (
            <li key={guild.id}>
              <GuildCard guild={guild} detailed={place < DETAILED} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const count = (guilds: number) => (guilds === 1 ? "1 server" : `${guilds} servers`);

function AddBot({ href, className, primary }: { href: string; className?: string; primary?: boolean }) {
  return (
    <ExternalButton href={href} variant={primary ? "primary" : "secondary"} className={className}>
      <Plus aria-hidden="true" />
      Add the bot to {primary ? "a" : "another"} server
    </ExternalButton>
  );
}

function NoGuild({ inviteUrl }: { inviteUrl: string | undefined }) {
  return (
    <EmptyState
      icon={Server}
      title="You are in no server that uses Trackbot yet"
      action={
        <>
          {inviteUrl && <AddBot href={inviteUrl} primary />}
          {/* Discord is asked for a person's servers at sign-in alone. */}
          <a href="/auth/start" className={buttonVariants({ variant: "secondary" })}>
            Look again
          </a>
        </>
      }
    >
      Add the bot to a server where you have the Manage Server permission. If it is there already, ask a manager whether
      members may read its dashboard, then look again.
    </EmptyState>
  );
}
