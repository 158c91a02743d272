"use client";

import { guildHref } from "@/components/shell/navigation";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Facts } from "@/components/ui/table";
import { tierLabel } from "@/features/guilds/tier";
import { QuotaRow } from "@/features/plan/quota-row";
import { duration, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export function PlanCard({ guild, usage }: { guild: Schemas["GuildDetail"]; usage: Schemas["Usage"] }) {
  const locale = useLocale();
  const { limits } = guild;
  return (
    <Card aria-labelledby="plan">
      <CardHeader
        id="plan"
        title="Plan"
        actions={
          <>
            <Badge tone="accent">{tierLabel(guild.tier)}</Badge>
            <LinkButton size="sm" href={guildHref(guild.id, "/plan")}>
              Compare plans
            </LinkButton>
          </>
        }
      />
      <CardBody className="grid gap-6 lg:grid-cols-2 lg:gap-10">
        <ul className="grid content-start gap-4">
          {usage.quotas.map((quota) => (
            <QuotaRow key={quota.name} quota={quota} />
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
