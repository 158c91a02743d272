"use client";

import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { buttonVariants } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ExternalLink } from "@/components/ui/icons";
import { Facts } from "@/components/ui/table";
import { tierLabel } from "@/features/guilds/tier";
import { duration, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { QuotaRow } from "./quota-row";
import { sourceWords } from "./words";

type Plan = components["schemas"]["GuildPlan"];

/** The plan as it is, with what is used of it. */
export function PlanNow({ plan }: { plan: Plan }) {
  const locale = useLocale();
  const { limits } = plan;
  const source = sourceWords(plan.source);
  return (
    <Card aria-labelledby="plan-now">
      <CardHeader
        id="plan-now"
        title={
          <span className="flex items-center gap-2">
            Your plan <Badge tone="accent">{tierLabel(plan.tier)}</Badge>
          </span>
        }
        hint={
          <>
            {source ? `${capital(source)}, since ` : "Since "}
            <RelativeTime at={plan.since} />
            {plan.endsAt && (
              <>
                ; ends <RelativeTime at={plan.endsAt} />
              </>
            )}
          </>
        }
        actions={
          plan.portalUrl && (
            <a href={plan.portalUrl} className={buttonVariants()} target="_blank" rel="noreferrer">
              Change or cancel
              <ExternalLink aria-hidden />
              <span className="sr-only">(opens the payment provider’s page)</span>
            </a>
          )
        }
      />
      <CardBody className="grid gap-6 lg:grid-cols-2 lg:gap-10">
        <ul className="grid content-start gap-4" aria-label="Used">
          {plan.quotas.map((quota) => (
            <QuotaRow key={quota.name} quota={quota} />
          ))}
        </ul>
        <Facts
          className="content-start lg:border-l lg:pl-10"
          items={[
            ["Polled at most every", duration(limits.minPollIntervalSeconds * 1000)],
            ["History kept", `${number(limits.historyDays, locale)} days`],
            ["Members who may sign in", "Unlimited"],
          ]}
        />
      </CardBody>
    </Card>
  );
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
