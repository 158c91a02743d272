"use client";

import { guildHref } from "@/components/shell/navigation";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CirclePause } from "@/components/ui/icons";
import { tierLabel } from "@/features/guilds/tier";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { AccountNames } from "./account-names";
import { counted } from "./words";

/** What the plan has paused, and what lets it go on. */
export function PausedCard({ guildId, plan }: { guildId: string; plan: components["schemas"]["GuildPlan"] }) {
  const locale = useLocale();
  const room = plan.plans.find(({ tier }) => tier === plan.tier)?.limits.accounts ?? plan.limits.accounts;
  return (
    <Card aria-labelledby="paused" className="border-danger-solid/40 bg-danger-soft p-4">
      <div className="flex items-start gap-3">
        <CirclePause aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" />
        <div className="grid min-w-0 flex-1 gap-3">
          <div>
            <h2 id="paused" className="font-semibold text-danger text-sm">
              {counted(plan.paused.total, "account", locale)} paused by the plan
            </h2>
            <p className="mt-1 text-sm">
              {tierLabel(plan.tier)} tracks {number(room, locale)} accounts. The newest beyond it rest; their posts and
              figures are kept. They go on by themselves when there is room, the first of these before the others.
            </p>
          </div>
          <AccountNames accounts={plan.paused} label="Paused accounts" />
          <div>
            <LinkButton href={guildHref(guildId, "/tracking/accounts?state=paused_by_plan")}>Show them</LinkButton>
          </div>
        </div>
      </div>
    </Card>
  );
}
