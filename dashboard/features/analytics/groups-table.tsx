"use client";

import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ChartNoAxesCombined } from "@/components/ui/icons";
import { Change } from "@/components/ui/stat";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { platformLabel } from "@/features/guilds/platform";
import { compact, NONE, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { metrics } from "./period";
import type { GroupBy } from "./queries";

const heads = { platform: "Platform", brand: "Brand", account: "Account" };
const most = 100;

/** The period's figures by platform, brand or account, most posts first. */
export function GroupsTable({ data, by }: { data: components["schemas"]["Analytics"]; by: GroupBy }) {
  const locale = useLocale();
  return (
    <Card aria-labelledby="groups">
      <CardHeader
        id="groups"
        title={`By ${heads[by].toLowerCase()}`}
        hint={data.groups.length === most ? `The ${most} with the most posts` : "Change against the period before"}
      />
      {data.groups.length === 0 ? (
        <EmptyState icon={ChartNoAxesCombined} as="h3" title="No posts in this period" className="py-8">
          Choose a longer period, or follow more accounts.
        </EmptyState>
      ) : (
        <Table caption={`Figures by ${heads[by].toLowerCase()}`}>
          <thead>
            <tr>
              <Th>{heads[by]}</Th>
              <Th numeric>Posts</Th>
              <Th numeric>Views</Th>
              <Th numeric>Likes</Th>
              <Th numeric>Comments</Th>
              <Th numeric>Shares</Th>
            </tr>
          </thead>
          <tbody>
            {data.groups.map((group) => (
              <Tr key={group.key}>
                <Th scope="row" className="max-w-56 truncate border-0 text-fg text-sm">
                  {by === "platform" ? platformLabel(group.key) : group.label}
                </Th>
                {metrics.map((metric) => (
                  <Td key={metric} numeric>
                    <span title={number(group.totals[metric], locale)}>
                      {group.totals[metric] === null ? NONE : compact(group.totals[metric], locale)}
                    </span>
                    <span className="ml-2 inline-block w-16 text-left">
                      <Change value={group.totals[metric]} before={group.previousTotals[metric]} />
                    </span>
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
