"use client";

import { useQuery } from "@tanstack/react-query";
import { RelativeTime } from "@/components/data/time";
import { Card } from "@/components/ui/card";
import { Stat } from "@/components/ui/stat";
import { analyticsQuery, interactions } from "@/features/analytics/queries";
import { guildQuery } from "@/features/guilds/queries";
import { compact } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { compareDays } from "./figures";
import { COMPARED_DAYS } from "./queries";
import { FiguresSkeleton } from "./skeletons";
import { useUsage } from "./use-usage";

const COMPARED = `the ${COMPARED_DAYS} days before`;

/** What happened in the last days, against the days before. */
export function KeyFigures({ guildId }: { guildId: string }) {
  const guild = useQuery(guildQuery(guildId));
  const usage = useUsage(guildId);
  const analytics = useQuery(analyticsQuery(guildId, { days: COMPARED_DAYS }));
  const locale = useLocale();
  if (!guild.data || !usage.data) return <FiguresSkeleton />;
  const { counts, limits } = guild.data;
  const posts = compareDays(usage.data.series, "postsTracked", COMPARED_DAYS);
  const sent = compareDays(usage.data.series, "notificationsSent", COMPARED_DAYS);
  return (
    <section aria-label="Key figures">
      <Card>
        <dl className="grid grid-cols-2 divide-line max-lg:[&>*:nth-child(n+3)]:border-t max-lg:[&>*:nth-child(odd)]:border-r lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none lg:divide-x">
          <Stat label="Accounts" value={counts.accounts}>
            <dd className="text-muted text-xs">of {compact(limits.accounts, locale)} in the plan</dd>
          </Stat>
          <Stat
            label={`New posts, ${COMPARED_DAYS} days`}
            value={posts.now}
            before={posts.before}
            comparedWith={COMPARED}
          >
            <dd className="text-muted text-xs">{compact(counts.posts30d, locale)} in 30 days</dd>
          </Stat>
          <Stat
            label={`Announcements, ${COMPARED_DAYS} days`}
            value={sent.now}
            before={sent.before}
            comparedWith={COMPARED}
          >
            <dd className="text-muted text-xs">sent to Discord</dd>
          </Stat>
          {analytics.data ? (
            <Stat
              label={`Interactions, ${COMPARED_DAYS} days`}
              value={interactions(analytics.data.totals)}
              before={interactions(analytics.data.previousTotals)}
              comparedWith={COMPARED}
              missing="The platforms you follow offer none"
            >
              <dd className="text-muted text-xs">
                {analytics.data.asOf ? (
                  <>
                    measured <RelativeTime at={analytics.data.asOf} />
                  </>
                ) : (
                  "likes, comments, shares"
                )}
              </dd>
            </Stat>
          ) : (
            <Stat label="Brands" value={counts.brands}>
              <dd className="text-muted text-xs">of {compact(limits.brands, locale)} in the plan</dd>
            </Stat>
          )}
        </dl>
      </Card>
    </section>
  );
}
