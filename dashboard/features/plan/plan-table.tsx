"use client";

import { Badge } from "@/components/ui/badge";
import { buttonVariants } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Check, ExternalLink } from "@/components/ui/icons";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { tierLabel } from "@/features/guilds/tier";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { limitRows } from "./words";

type Schemas = components["schemas"];
type Option = Schemas["PlanOption"];

/** All plans beside each other, with where to buy one. */
export function PlanTable({ plan, canManage }: { plan: Schemas["GuildPlan"]; canManage: boolean }) {
  const locale = useLocale();
  const offered = plan.plans.some(({ checkoutUrl, discordUrl }) => checkoutUrl !== null || discordUrl !== null);
  return (
    <Card aria-labelledby="plans">
      <CardHeader id="plans" title="Plans" hint={advice(canManage, offered)} />
      <Table caption="What each plan allows">
        <thead>
          <tr>
            <Th>
              <span className="sr-only">Limit</span>
            </Th>
            {plan.plans.map(({ tier }) => (
              <Th key={tier} numeric>
                <span className="inline-flex items-center gap-2">
                  {tier === plan.tier && <Badge tone="accent">Yours</Badge>}
                  {tierLabel(tier)}
                </span>
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {limitRows.map(({ key, label, show }) => (
            <Tr key={key}>
              <Th>{label}</Th>
              {plan.plans.map(({ tier, limits }) => (
                <Td key={tier} numeric className={tier === plan.tier ? "font-medium" : undefined}>
                  {show(limits[key], locale)}
                </Td>
              ))}
            </Tr>
          ))}
          <Tr>
            <Th>Members who may sign in</Th>
            {plan.plans.map(({ tier }) => (
              <Td key={tier} numeric>
                Unlimited
              </Td>
            ))}
          </Tr>
          {offered && (
            <Tr>
              <Th>
                <span className="sr-only">Buy</span>
              </Th>
              {plan.plans.map((option) => (
                <Td key={option.tier} numeric>
                  {option.tier === plan.tier ? <Current /> : <Buy option={option} />}
                </Td>
              ))}
            </Tr>
          )}
        </tbody>
      </Table>
    </Card>
  );
}

function advice(canManage: boolean, offered: boolean): string {
  if (!canManage) return "Managers of this server can change the plan.";
  return offered
    ? "A larger plan holds at once. After a change to a smaller one everything runs on for 10 days."
    : "To change the plan, write to whoever runs this Trackbot. A larger plan holds at once.";
}

function Current() {
  return (
    <span className="inline-flex items-center gap-1.5 text-muted text-xs">
      <Check aria-hidden="true" className="size-3.5" />
      Current plan
    </span>
  );
}

function Buy({ option }: { option: Option }) {
  const name = tierLabel(option.tier);
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      {option.checkoutUrl && (
        <a
          href={option.checkoutUrl}
          className={buttonVariants({ variant: "primary", size: "sm" })}
          target="_blank"
          rel="noreferrer"
        >
          Get {name}
          <ExternalLink aria-hidden />
          <span className="sr-only">by card (opens the payment provider’s page)</span>
        </a>
      )}
      {option.discordUrl && (
        <a href={option.discordUrl} className={buttonVariants({ size: "sm" })} target="_blank" rel="noreferrer">
          Get at Discord
          <ExternalLink aria-hidden />
          <span className="sr-only">: {name}</span>
        </a>
      )}
    </span>
  );
}
