"use client";

import { RelativeTime } from "@/components/data/time";
import { Card, CardHeader } from "@/components/ui/card";
import { ChevronRight, CircleAlert, CircleCheck, Info, TriangleAlert } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { guildQuery, statusQuery } from "@/features/guilds/queries";
import { cn } from "@/lib/cn";
import { useQuery } from "@/lib/query/use-query";
import { attention, type Item } from "./attention";
import { utcDay } from "./figures";
import { latestPostsQuery, troubledQuery } from "./queries";
import { useUsage } from "./use-usage";

const icons = { danger: CircleAlert, warning: TriangleAlert, info: Info };
const colours = { danger: "text-danger", warning: "text-warning", info: "text-info" };

export function AttentionCard({ guildId }: { guildId: string }) {
  const guild = useQuery(guildQuery(guildId)).data;
  const status = useQuery(statusQuery(guildId)).data;
  const posts = useQuery(latestPostsQuery(guildId)).data?.items;
  const usage = useUsage(guildId).data;
  const accounts = useQuery(troubledQuery(guildId)).data?.items;
  if (!guild) return null;
  const today = usage?.series.find((day) => day.date === utcDay(Date.now()));
  const items = attention({ guild, status, posts, accounts, sentToday: today?.notificationsSent });
  return (
    <Card aria-labelledby="attention">
      <CardHeader id="attention" title="Needs attention" />
      {items.length === 0 ? (
        <p className="flex items-center gap-2 px-4 pb-4 text-muted">
          <CircleCheck aria-hidden="true" className="size-4 text-success" />
          Nothing. Everything runs as it should.
        </p>
      ) : (
        <ul className="divide-y border-t">
          {items.map((item) => (
            <li key={item.id}>
              <Row item={item} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ item }: { item: Item }) {
  const Icon = icons[item.tone];
  const content = (
    <>
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", colours[item.tone])} />
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{item.title}</span>
        {(item.detail || item.since) && (
          <span className="mt-0.5 block text-muted text-xs">
            {item.detail}{" "}
            {item.since && (
              <>
                Since <RelativeTime at={item.since} />.
              </>
            )}
          </span>
        )}
      </span>
    </>
  );
  if (!item.href) return <div className="flex gap-2.5 px-4 py-2.5">{content}</div>;
  return (
    <Link href={item.href} className="focus-inset flex gap-2.5 px-4 py-2.5 hover:bg-hover">
      {content}
      <ChevronRight aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-subtle" />
    </Link>
  );
}
