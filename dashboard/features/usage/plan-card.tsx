"use client";

import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Meter } from "@/components/ui/progress";
import { Facts } from "@/components/ui/table";
import { tierLabel } from "@/features/guilds/tier";
import { utcDay } from "@/features/overview/figures";
import { duration, number } from "@/lib/format";
import { useLocale, useNow } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { type Quota, quotas } from "./quotas";

type Schemas = components["schemas"];

export function PlanCard({ guild, usage }: { guild: Schemas["GuildDetail"]; usage: Schemas["Usage"] }) {
  const locale = useLocale();
  const now = useNow() ?? Date.parse(usage.period.to);
  const { limits } = guild;
  const today = usage.series.find((day) => day.date === utcDay(now));
  return (
    <Card aria-labelledby="plan">
      <CardHeader id="plan" title="Plan" actions={<Badge tone="accent">{tierLabel(guild.tier)}</Badge>} />
      <CardBody className="grid gap-6 lg:grid-cols-2 lg:gap-10">
        <ul className="grid content-start gap-4">
          {quotas(guild, today?.notificationsSent ?? 0, now).map((quota) => (
            <QuotaRow key={quota.id} quota={quota} />
          ))}
        </ul>
        <Facts
          className="content-start lg:border-l lg:pl-10"
          items={[
            ["Polled at most every", duration(limits.minPollIntervalSeconds * 1000)],
            ["History kept", `${number(limits.historyDays, locale)} days`],
            ["Rows in an export", `up to ${number(limits.exportRows, locale)}`],
            ["API requests a minute", number(limits.requestsPerMinute, locale)],
          ]}
        />
      </CardBody>
    </Card>
  );
}

function QuotaRow({ quota }: { quota: Quota }) {
  const locale = useLocale();
  const text = `${number(quota.used, locale)} of ${number(quota.limit, locale)}`;
  const share = quota.limit > 0 ? quota.used / quota.limit : 1;
  return (
    <li>
      <p className="mb-1.5 flex items-baseline justify-between gap-4">
        <span className="font-medium">{quota.label}</span>
        <span className="figures text-muted text-xs">{text}</span>
      </p>
      <Meter label={quota.label} value={quota.used} max={quota.limit} text={text} />
      <p className="mt-1 text-muted text-xs">
        {share >= 1 ? (
          <span className="font-medium text-danger">Used up. </span>
        ) : share >= 0.8 ? (
          <span className="font-medium text-warning">Nearly used up. </span>
        ) : null}
        {quota.resetsAt ? (
          <>
            Starts anew <RelativeTime at={quota.resetsAt} />
          </>
        ) : (
          "Freed by removing"
        )}
      </p>
    </li>
  );
}
