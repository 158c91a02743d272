"use client";

import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { later } from "@/components/ui/in-browser";
import { Skeleton } from "@/components/ui/skeleton";
import { guildQuery } from "@/features/guilds/queries";
import { tierLabel } from "@/features/guilds/tier";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";
import { AttentionCard } from "./attention-card";
import { BotCard } from "./bot-card";
import { KeyFigures } from "./key-figures";

const placeholder = () => <Skeleton className="h-80 rounded-lg" />;
const ActivityCard = later(async () => (await import("./activity-card")).ActivityCard, placeholder);
const LatestPosts = later(async () => (await import("./latest-posts")).LatestPosts, placeholder);
const ChecklistCard = later(async () => (await import("./checklist-card")).ChecklistCard);

function Standing({ guild }: { guild: components["schemas"]["GuildDetail"] }) {
  const locale = useLocale();
  const { accounts, brands } = guild.counts;
  const words = [
    `${number(accounts, locale)} ${accounts === 1 ? "account" : "accounts"}`,
    `${number(brands, locale)} ${brands === 1 ? "brand" : "brands"}`,
    `${tierLabel(guild.tier)} plan`,
  ];
  return words.join(" · ");
}

/** How a guild is, on one page. */
export function Overview({ guildId }: { guildId: string }) {
  const { data, error, refetch, isFetching } = useQuery(guildQuery(guildId));
  if (!data && error) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />;
  return (
    <>
      {data ? (
        <PageHeader title={data.name} hint={<Standing guild={data} />} />
      ) : (
        <Skeleton className="mb-5 h-7 w-56" />
      )}
      <ChecklistCard guildId={guildId} />
      <div className="grid grid-cols-1 gap-4">
        <KeyFigures guildId={guildId} />
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
          <div className="grid min-w-0 grid-cols-1 gap-4 max-xl:order-2">
            <ActivityCard guildId={guildId} />
            <LatestPosts guildId={guildId} />
          </div>
          <div className="grid min-w-0 grid-cols-1 gap-4 md:max-xl:grid-cols-2 md:max-xl:items-start">
            <AttentionCard guildId={guildId} />
            <BotCard guildId={guildId} />
          </div>
        </div>
      </div>
    </>
  );
}
