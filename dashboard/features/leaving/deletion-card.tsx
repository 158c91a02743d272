"use client";

import { useId, useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { useMe } from "@/features/account/use-me";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";
import { ConfirmByName } from "./confirm-by-name";
import { useDeletionWrites } from "./mutations";
import { deletionQuery, type GuildDeletion } from "./queries";

interface DeletionCardProps {
  guildId: string;
  /** The server's, which is typed to confirm. */
  name: string;
  tier: components["schemas"]["Tier"] | undefined;
  access: WriteAccess;
}

/** Plans the deletion of everything of the server, and undoes it while that is possible. */
export function DeletionCard(props: DeletionCardProps) {
  const { data, error, refetch, isFetching } = useQuery(deletionQuery(props.guildId));
  const title = useId();
  return (
    <Card aria-labelledby={title} className={data?.scheduled ? "border-danger" : undefined}>
      <CardHeader id={title} title={data?.scheduled ? "Everything will be deleted" : "Delete everything"} />
      {data ? (
        <CardBody className="grid gap-3 text-sm">
          {data.scheduled ? <Planned {...props} plan={data} /> : <Offer {...props} plan={data} />}
        </CardBody>
      ) : error ? (
        <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <>
          <LoadingLabel>Loading what is planned</LoadingLabel>
          <SkeletonRows rows={2} />
        </>
      )}
    </Card>
  );
}

type PartProps = DeletionCardProps & { plan: GuildDeletion };

function Offer({ guildId, name, tier, access, plan }: PartProps) {
  const [asking, setAsking] = useState(false);
  const { schedule } = useDeletionWrites(guildId);
  const confirm = (typed: string) =>
    schedule.mutate(typed, {
      onSuccess: () => {
        setAsking(false);
        notify.success("The deletion is planned", { description: `It can be undone for ${plan.graceDays} days.` });
      },
    });
  return (
    <>
      <p className="text-muted">
        Accounts, posts, figures, settings, keys, files and the log of changes are deleted after {plan.graceDays} days,
        and the bot leaves the server. Until then everything goes on, and those who manage the server can undo it. Its
        default channel is told.
      </p>
      {tier && tier !== "free" && (
        <p className="text-muted">A plan that is paid for is not ended by this: end it with whom you pay first.</p>
      )}
      <div>
        <Button
          variant="danger"
          disabled={access.away !== undefined}
          title={access.away}
          onClick={() => setAsking(true)}
        >
          Delete everything
        </Button>
      </div>
      <ConfirmByName
        open={asking}
        onClose={() => setAsking(false)}
        title={`Delete everything of ${name}?`}
        description={`All that Trackbot keeps of this server goes in ${plan.graceDays} days. Take an archive before, should you need it later.`}
        name={name}
        label="Name of the server"
        action="Delete everything"
        pending={schedule.isPending}
        error={schedule.error}
        onConfirm={confirm}
      />
    </>
  );
}

function Planned({ guildId, access, plan }: PartProps) {
  const { cancel } = useDeletionWrites(guildId);
  const me = useMe();
  const who = plan.requestedBy === me?.user.id ? "you" : plan.requestedBy;
  const keep = () =>
    cancel.mutate(undefined, {
      onSuccess: () => notify.success("The data stays", { description: "Nothing was lost." }),
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  return (
    <>
      <p>
        All data of this server is deleted <RelativeTime at={plan.deletesAt} />, and the bot leaves. Asked for by {who}{" "}
        <RelativeTime at={plan.requestedAt} />.
      </p>
      <div>
        <Button
          variant="primary"
          disabled={access.away !== undefined}
          title={access.away}
          pending={cancel.isPending}
          onClick={keep}
        >
          Keep the data
        </Button>
      </div>
    </>
  );
}
