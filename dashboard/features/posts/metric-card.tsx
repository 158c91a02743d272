"use client";

import { useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Table2 } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { type Counter, counterLabel, platformLabel } from "@/features/tracking/labels";
import type { MetricSnapshot, Post, PostMetricHistory } from "@/features/tracking/types";
import { exactTime, number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import { measured, scales } from "./metric-history";
import { metricsQuery } from "./queries";

const MetricPlot = inBrowser(
  async () => (await import("./metric-plot")).MetricPlot,
  () => <Skeleton className="h-full rounded-lg" />,
);

/** How a post's counters grew, drawn, and in a table for everybody who wants the figures. */
export function MetricCard({ guildId, post }: { guildId: string; post: Post }) {
  const { data, error, refetch, isFetching } = useQuery(metricsQuery(guildId, post.id));
  const [table, setTable] = useState(false);
  const any = data !== undefined && measured(data.items).length > 0;
  return (
    <Card aria-labelledby="history">
      <CardHeader
        id="history"
        title="Over time"
        hint={data && <Schedule history={data} />}
        actions={
          any && (
            <Button size="sm" variant="ghost" aria-pressed={table} onClick={() => setTable(!table)}>
              <Table2 aria-hidden />
              {table ? "Chart" : "Table"}
            </Button>
          )
        }
      />
      <CardBody>
        {data ? (
          any ? (
            <History items={data.items} table={table} />
          ) : (
            <p className="py-6 text-center text-muted">
              {platformLabel[post.platform]} gave no figures for this post yet.
            </p>
          )
        ) : error ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : (
          <Skeleton className="h-64 rounded-lg" />
        )}
      </CardBody>
    </Card>
  );
}

function Schedule({ history: { nextMeasurementAt, asOf, items } }: { history: PostMetricHistory }) {
  return (
    <>
      {items.length} {items.length === 1 ? "measurement" : "measurements"}
      {asOf && (
        <>
          , the last <RelativeTime at={asOf} />
        </>
      )}
      {nextMeasurementAt ? (
        <>
          , the next <RelativeTime at={nextMeasurementAt} />
        </>
      ) : (
        ", none to come"
      )}
    </>
  );
}

function History({ items, table }: { items: readonly MetricSnapshot[]; table: boolean }) {
  const counters = measured(items);
  if (table) {
    return (
      <div className="max-h-96 overflow-y-auto">
        <HistoryTable items={items} counters={counters} />
      </div>
    );
  }
  if (items.length < 2) {
    return (
      <p className="py-6 text-center text-muted">Measured once so far. The line begins with the next measurement.</p>
    );
  }
  return (
    <div className="grid gap-6">
      {scales(items).map((group) => (
        <div key={group.join()} aria-hidden>
          <p className="mb-2 text-muted text-xs">{group.map((counter) => counterLabel[counter]).join(", ")}</p>
          <div className="h-64">
            <MetricPlot items={items} counters={group} />
          </div>
        </div>
      ))}
      <div className="sr-only">
        <HistoryTable items={items} counters={counters} />
      </div>
    </div>
  );
}

function HistoryTable({ items, counters }: { items: readonly MetricSnapshot[]; counters: readonly Counter[] }) {
  const locale = useLocale();
  return (
    <Table caption="Counters over time">
      <thead>
        <tr>
          <Th>Measured</Th>
          {counters.map((counter) => (
            <Th key={counter} numeric>
              {counterLabel[counter]}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...items].reverse().map((item) => (
          <Tr key={item.measuredAt}>
            <Th scope="row" className="h-8 border-0 font-normal text-fg text-sm">
              {exactTime(item.measuredAt, locale)}
            </Th>
            {counters.map((counter) => (
              <Td key={counter} numeric className="h-8 py-1">
                {number(item[counter], locale)}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
