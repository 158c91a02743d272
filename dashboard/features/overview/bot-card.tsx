"use client";

import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { Dot } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { Facts } from "@/components/ui/table";
import { botLabel, botTone } from "@/features/guilds/bot-status";
import { STATUS_INTERVAL, STATUS_INTERVAL_CALM, statusQuery } from "@/features/guilds/queries";
import { useIsLive } from "@/features/live/use-live";
import { asOf, compact, duration } from "@/lib/format";
import { useLocale, useNow } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";

type Status = components["schemas"]["GuildStatus"];

/** The health of the bot and of what waits, asked for again while somebody looks. */
export function BotCard({ guildId }: { guildId: string }) {
  const refetchInterval = useIsLive() ? STATUS_INTERVAL_CALM : STATUS_INTERVAL;
  const { data, error, refetch, isFetching } = useQuery({ ...statusQuery(guildId), refetchInterval });
  return (
    <Card aria-labelledby="health">
      <CardHeader id="health" title="Health" hint={data ? <Checked at={data.checkedAt} /> : "Live"} />
      <CardBody>
        {data ? (
          <Health status={data} />
        ) : error ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} className="py-4" />
        ) : (
          <div className="grid gap-2.5">
            <Skeleton className="h-6 w-32" />
            <Skeleton className="w-full" />
            <Skeleton className="w-full" />
            <Skeleton className="w-full" />
          </div>
        )}
      </CardBody>
    </Card>
  );
}

function Checked({ at }: { at: string }) {
  return (
    <>
      Checked <RelativeTime at={at} />
    </>
  );
}

function Health({ status }: { status: Status }) {
  const { bot, queue } = status;
  return (
    <>
      <p role="status" className="mb-3 flex flex-wrap items-center gap-x-2 font-medium" data-testid="bot-status">
        <Dot tone={botTone(bot.status)} />
        <span>
          Bot <BotWords bot={bot} />
        </span>
      </p>
      <Facts
        items={[
          ["Last heartbeat", <RelativeTime key="heartbeat" at={bot.lastHeartbeat} none="never" />],
          ["Announcements waiting", <Queue key="notify" {...queue.notify} />],
          ["Polls due", <Queue key="poll" {...queue.poll} />],
          ["Exports waiting", <Queue key="export" {...queue.export} />],
          ["Version", bot.version ?? "unknown"],
        ]}
      />
    </>
  );
}

/** "online", or "offline since 11:58": a heartbeat that stopped is when it was last there. */
function BotWords({ bot }: { bot: Status["bot"] }) {
  const now = useNow();
  const locale = useLocale();
  const label = botLabel(bot.status).toLowerCase();
  if (bot.status !== "offline" || bot.lastHeartbeat === null) return <>{label}</>;
  return (
    <>
      {label} since <time dateTime={bot.lastHeartbeat}>{now === null ? "" : asOf(bot.lastHeartbeat, now, locale)}</time>
    </>
  );
}

function Queue({ depth, oldestSeconds }: { depth: number; oldestSeconds: number }) {
  const locale = useLocale();
  return (
    <span className="figures">
      {compact(depth, locale)}
      {depth > 0 && <span className="text-muted"> · oldest {duration(oldestSeconds * 1000)}</span>}
    </span>
  );
}
