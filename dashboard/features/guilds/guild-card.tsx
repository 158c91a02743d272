"use client";

import { guildHref } from "@/components/shell/navigation";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Skeleton } from "@/components/ui/skeleton";
import { compact } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import { useHydrated } from "@/lib/use-hydrated";
import { botLabel, botTone } from "./bot-status";
import { type Guild, guildQuery } from "./queries";
import { tierLabel } from "./tier";

/** A guild and how it is; the whole card leads there. */
export function GuildCard({ guild, detailed }: { guild: Guild; detailed: boolean }) {
  return (
    <Link
      href={guildHref(guild.id)}
      className="group block h-full rounded-lg border bg-surface p-4 shadow-card transition-colors hover:border-line-strong hover:bg-hover"
    >
      <div className="flex items-start gap-3">
        <Avatar name={guild.name} src={guild.iconUrl} square className="size-10 rounded-lg text-sm" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-sm">{guild.name}</h2>
          <p className="mt-0.5 text-muted text-xs">
            {tierLabel(guild.tier)} plan · {guild.canManage ? "You manage it" : "You can read"}
          </p>
        </div>
        <Badge tone={botTone(guild.bot.status)} dot>
          <span className="sr-only">Bot: </span>
          {botLabel(guild.bot.status)}
        </Badge>
      </div>
      {detailed && <Counts guildId={guild.id} />}
    </Link>
  );
}

function Counts({ guildId }: { guildId: string }) {
  const hydrated = useHydrated();
  const { data: stored, isError } = useQuery({ ...guildQuery(guildId), staleTime: 300_000 });
  const data = hydrated ? stored : undefined;
  const locale = useLocale();
  if (hydrated && isError && !data) return null;
  const figures = [
    ["Brands", data?.counts.brands],
    ["Accounts", data?.counts.accounts],
    ["Posts, 30 days", data?.counts.posts30d],
  ] as const;
  return (
    <dl className="mt-4 grid grid-cols-3 gap-3 border-t pt-3">
      {figures.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="truncate text-muted text-xs">{label}</dt>
          <dd className="figures mt-0.5 font-medium text-sm">
            {value === undefined ? <Skeleton className="h-5 w-8" /> : compact(value, locale)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
