"use client";

import { guildHref } from "@/components/shell/navigation";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Hourglass } from "@/components/ui/icons";
import { tierLabel } from "@/features/guilds/tier";
import { duration, exactTime, millis, number } from "@/lib/format";
import { useLocale, useNow } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { AccountNames } from "./account-names";
import { counted, historyLost } from "./words";

type Schemas = components["schemas"];
type Props = { guildId: string; plan: Schemas["GuildPlan"]; grace: Schemas["PlanGrace"] };

/** How long the larger plan's limits hold, and what goes when they end. */
export function GraceCard({ guildId, plan, grace }: Props) {
  const locale = useLocale();
  const now = useNow();
  const left = now === null ? null : Math.max(0, (millis(grace.until) ?? now) - now);
  const history = historyLost(plan);
  const { total } = grace.beyond;
  return (
    <Card aria-labelledby="grace" className="border-warning-solid/40 bg-warning-soft p-4">
      <div className="flex items-start gap-3">
        <Hourglass aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning" />
        <div className="grid min-w-0 flex-1 gap-3">
          <div>
            <h2 id="grace" className="font-semibold text-sm text-warning">
              {left === null ? "A few days" : left > 0 ? duration(left) : "Moments"} left on the limits of{" "}
              {tierLabel(grace.tier)}
            </h2>
            <p className="mt-1 text-sm">
              This server moved to {tierLabel(plan.tier)}. Until{" "}
              <time dateTime={grace.until}>{exactTime(grace.until, locale, now === null ? "UTC" : undefined)}</time>{" "}
              everything runs on as before; only nothing can be added beyond {tierLabel(plan.tier)}’s room.{" "}
              {total > 0
                ? `Then ${total === 1 ? "this newest account is" : `these ${number(total, locale)} newest accounts are`} paused:`
                : "All your accounts fit; none will be paused."}
            </p>
          </div>
          {total > 0 && <AccountNames accounts={grace.beyond} label="Accounts that will be paused" />}
          {history !== null && (
            <p className="text-sm">
              Posts older than {number(history, locale)} days are deleted then. Export what you want to keep.
            </p>
          )}
          <div className="flex flex-wrap gap-2">
            {total > 0 && (
              <LinkButton href={guildHref(guildId, "/tracking/accounts")}>
                Choose {counted(total, "account", locale)} to remove instead
              </LinkButton>
            )}
            {history !== null && <LinkButton href={guildHref(guildId, "/exports")}>Export history</LinkButton>}
          </div>
        </div>
      </div>
    </Card>
  );
}
