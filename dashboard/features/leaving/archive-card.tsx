"use client";

import { useId, useState } from "react";
import { Refusal } from "@/components/data/refusal";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Archive } from "@/components/ui/icons";
import { later } from "@/components/ui/in-browser";
import { notify } from "@/components/ui/toast";
import { useExportWrites } from "@/features/exports/mutations";
import { exportsQuery, isMoving, whileMoving } from "@/features/exports/queries";
import { useIsLive } from "@/features/live/use-live";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { useQuery } from "@/lib/query/use-query";

const ExportRow = later(async () => (await import("@/features/exports/export-row")).ExportRow);

/** Orders everything of the server as one file, and shows those that are there. */
export function ArchiveCard({ guildId, access }: { guildId: string; access: WriteAccess }) {
  const live = useIsLive();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const { order, remove } = useExportWrites(guildId);
  const title = useId();
  const list = useQuery({
    ...exportsQuery(guildId),
    refetchInterval: whileMoving(live),
  });
  const archives = list.data?.items.filter(({ kind }) => kind === "archive") ?? [];
  const make = () =>
    order.mutate(
      { body: { kind: "archive", format: "zip", filters: {} }, key },
      { onSuccess: () => setKey(crypto.randomUUID()) },
    );
  const drop = (id: string) =>
    remove.mutate(id, {
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  return (
    <Card aria-labelledby={title}>
      <CardHeader
        id={title}
        title="Take everything away"
        hint="One ZIP of JSON lines: accounts, posts with all their figures, deliveries, settings, the log of changes. It is kept for seven days."
      />
      <CardBody className="grid gap-3">
        {order.error && <Refusal error={order.error} guildId={guildId} />}
        <div>
          <Button
            disabled={access.away !== undefined || archives.some(isMoving)}
            title={access.away}
            pending={order.isPending}
            onClick={make}
          >
            <Archive aria-hidden />
            Make an archive
          </Button>
        </div>
      </CardBody>
      {archives.length > 0 && (
        <ul className="divide-y border-t" aria-label="Archives">
          {archives.map((item) => (
            <ExportRow key={item.id} guildId={guildId} item={item} canManage onRemove={({ id }) => drop(id)} />
          ))}
        </ul>
      )}
    </Card>
  );
}
