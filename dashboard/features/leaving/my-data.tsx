"use client";

import { type ReactNode, useId } from "react";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { ExternalButton } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Download } from "@/components/ui/icons";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { useQuery } from "@/lib/query/use-query";
import { LeaveCard } from "./leave-card";
import { myDataQuery, type PersonalData } from "./queries";

/** What is held about the person, how to take it and how to delete it. Nothing of it is kept in the browser's store. */
export function MyData() {
  const { data, error, refetch, isFetching } = useQuery({ ...myDataQuery, gcTime: 0 });
  const title = useId();
  return (
    <div className="grid gap-4">
      <Card aria-labelledby={title}>
        <CardHeader
          id={title}
          title="What is held about you"
          hint="The file has all of it, word for word."
          actions={
            data && (
              <ExternalButton href="/api/v1/auth/me/data" download="trackbot-your-data.json">
                <Download aria-hidden />
                Download (JSON)
              </ExternalButton>
            )
          }
        />
        {data ? (
          <Held data={data} />
        ) : error ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : (
          <>
            <LoadingLabel>Loading what is held about you</LoadingLabel>
            <SkeletonRows rows={5} />
          </>
        )}
      </Card>
      {data && <LeaveCard username={data.profile.username} />}
    </div>
  );
}

function Held({ data }: { data: PersonalData }) {
  const { profile, guilds, sessions, signIns, discordGrant, actionsTotal } = data;
  return (
    <CardBody>
      <dl className="divide-y text-sm">
        <Line term="Profile">
          {profile.username}
          {profile.globalName && ` (${profile.globalName})`}, Discord id <span className="figures">{profile.id}</span>,
          known since <RelativeTime at={profile.createdAt} />
        </Line>
        <Line term="Servers">{counted(guilds.length, "server")} with your permissions there, as Discord told them</Line>
        <Line term="Sessions">
          {counted(sessions.length, "session")} with address and browser, ended ones for 30 days, and{" "}
          {counted(signIns.length, "sign-in")} of the last day
        </Line>
        <Line term="Authorization">
          {discordGrant ? `Sealed tokens for “${discordGrant.scope}” at Discord` : "None at Discord"}
        </Line>
        <Line term="Your actions">
          {counted(actionsTotal, "entry", "entries")} in the logs of servers, with address and browser
        </Line>
      </dl>
    </CardBody>
  );
}

function Line({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 py-2 sm:grid-cols-[9rem_1fr]">
      <dt className="text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
