"use client";

import { useMutation } from "@tanstack/react-query";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { Button, ExternalButton } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ExternalLink, RotateCw } from "@/components/ui/icons";
import { Skeleton } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { deliveryLabel, deliveryTone } from "@/features/tracking/labels";
import type { Delivery } from "@/features/tracking/types";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { api } from "@/lib/api-client";
import { duration } from "@/lib/format";
import { explain } from "@/lib/query/explain";
import { useChanged } from "@/lib/query/provider";
import { useQuery } from "@/lib/query/use-query";
import { kindWords, moments, stepWords } from "./delivery-words";
import { deliveriesQuery, postQuery } from "./queries";
import { isUnderWay } from "./under-way";

interface DeliveryCardProps {
  guildId: string;
  postId: string;
  places: Places;
  access: WriteAccess;
}

const POLL = 5_000;

/** Where a post went in Discord, when, and what was decided on the way: the answer to "why was my post not sent?". */
export function DeliveryCard({ guildId, postId, places, access }: DeliveryCardProps) {
  const { data, error, refetch, isFetching } = useQuery({
    ...deliveriesQuery(guildId, postId),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? POLL : false),
  });
  return (
    <Card aria-labelledby="deliveries">
      <CardHeader id="deliveries" title="In Discord" />
      <CardBody className="grid gap-6">
        {data ? (
          data.items.length > 0 ? (
            data.items.map((delivery) => <Trail key={delivery.id} {...{ guildId, postId, delivery, places, access }} />)
          ) : (
            <p className="text-muted">
              Nothing was to be announced: it was there before the account was tracked, or no route wanted it.
            </p>
          )
        ) : error ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : (
          <Skeleton className="h-48" />
        )}
      </CardBody>
    </Card>
  );
}

function Trail({ delivery, places, ...rest }: DeliveryCardProps & { delivery: Delivery }) {
  const times = moments(delivery);
  return (
    <article className="grid gap-3">
      <header className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">
          {delivery.channelId === null ? "No channel" : places.channel(delivery.channelId)}
        </h3>
        <span className="text-muted text-xs">{kindWords[delivery.kind]}</span>
        <Badge tone={deliveryTone[delivery.state]} dot className="ml-auto">
          {deliveryLabel[delivery.state]}
        </Badge>
      </header>
      {delivery.reason && <p className="text-sm">{delivery.reason}</p>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 rounded-md border bg-sunken p-3 text-sm">
        {times.map(({ label, at, after }) => (
          <div key={label}>
            <dt className="text-muted text-xs">{label}</dt>
            <dd>
              <RelativeTime at={at} none="Not yet" />
              {after !== null && <span className="text-subtle text-xs"> · after {duration(after)}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {delivery.nextAttemptAt && isUnderWay(delivery) && (
        <p className="text-muted text-xs">
          Next try <RelativeTime at={delivery.nextAttemptAt} />, {delivery.attempts} so far
        </p>
      )}
      <Decisions delivery={delivery} />
      <div className="flex flex-wrap gap-2 empty:hidden">
        {delivery.messageUrl && (
          <ExternalButton size="sm" href={delivery.messageUrl}>
            <ExternalLink aria-hidden />
            Open the message
          </ExternalButton>
        )}
        <Replay delivery={delivery} {...rest} />
      </div>
    </article>
  );
}

function Decisions({ delivery: { trail } }: { delivery: Delivery }) {
  if (trail.length === 0) return null;
  return (
    <ol aria-label="Decisions" className="grid gap-2 border-l pl-4 text-sm">
      {trail.map((decision) => (
        <li key={`${decision.at} ${decision.step}`} className="relative">
          <span aria-hidden className="absolute top-1.5 -left-[1.3rem] size-2 rounded-full border-2 bg-surface" />
          <p>
            <span className="font-medium">{stepWords(decision.step)}</span>{" "}
            <RelativeTime at={decision.at} className="text-muted text-xs" />
          </p>
          {decision.detail && <p className="text-muted text-xs">{decision.detail}</p>}
        </li>
      ))}
    </ol>
  );
}

function Replay({ guildId, postId, delivery, access }: Omit<DeliveryCardProps, "places"> & { delivery: Delivery }) {
  const changed = useChanged();
  const replay = useMutation({
    mutationFn: () =>
      api.POST("/guilds/{guildId}/posts/{postId}/deliveries", {
        params: { path: { guildId, postId } },
        body: { deliveryId: delivery.id },
      }),
    onSuccess: () => {
      notify.success("It is sent again");
      return changed([deliveriesQuery(guildId, postId).queryKey, postQuery(guildId, postId).queryKey]);
    },
    onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
  });
  if (!access.canManage || (delivery.state !== "dead" && delivery.state !== "skipped")) return null;
  return (
    <Button
      size="sm"
      pending={replay.isPending}
      disabled={access.blocked !== undefined}
      title={access.blocked}
      onClick={() => replay.mutate()}
    >
      <RotateCw aria-hidden />
      Send again
    </Button>
  );
}
