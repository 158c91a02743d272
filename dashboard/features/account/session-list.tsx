"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { Laptop, Smartphone } from "@/components/ui/icons";
import { SkeletonRows } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { api } from "@/lib/api-client";
import { explain } from "@/lib/query/explain";
import { useChanged, useStale } from "@/lib/query/provider";
import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";
import { deviceOf } from "./device";
import { sessionsQuery } from "./queries";
import { useSignOut } from "./use-sign-out";

type Session = components["schemas"]["Session"];

const failed = (error: unknown) => {
  const { title, advice } = explain(error);
  notify.error(title, { description: advice });
};

function useEnd() {
  const changed = useChanged();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const sessionId of ids) await api.DELETE("/auth/sessions/{sessionId}", { params: { path: { sessionId } } });
    },
    onError: failed,
    onSuccess: (_, ids) =>
      notify.success(ids.length === 1 ? "The session is ended" : `${ids.length} sessions are ended`),
    // Also after a failure: some of several may be ended.
    onSettled: () => changed([sessionsQuery.queryKey]),
  });
}

/** The user's sessions, this one first, with what ends them. */
export function SessionList() {
  const { data, error, refetch, isFetching } = useQuery(sessionsQuery);
  if (!data) {
    if (error) return <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />;
    return (
      <Card>
        <SkeletonRows rows={3} />
      </Card>
    );
  }
  const sessions = [...data.items].sort((a, b) => Number(b.current) - Number(a.current));
  const others = sessions.filter((session) => !session.current);
  return (
    <>
      <Card>
        <ul className="divide-y">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      </Card>
      <div className="mt-4 flex flex-wrap gap-2">
        {others.length > 0 && <EndOthers ids={others.map((session) => session.id)} />}
        <Everywhere />
      </div>
    </>
  );
}

function SessionRow({ session }: { session: Session }) {
  const [asking, setAsking] = useState(false);
  const end = useEnd();
  const stale = useStale();
  const device = deviceOf(session.userAgent);
  const Icon = device.mobile ? Smartphone : Laptop;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg border bg-sunken text-muted">
        <Icon aria-hidden="true" className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium" title={session.userAgent ?? undefined}>
          {device.name}
          {session.current && <Badge tone="success">This session</Badge>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-1.5 text-muted text-xs">
          {session.ipAddress && <span className="figures">{session.ipAddress} ·</span>}
          <span>
            used <RelativeTime at={session.lastUsedAt} none="not yet" /> ·
          </span>
          <span>
            signed in <RelativeTime at={session.createdAt} /> ·
          </span>
          <span>
            ends <RelativeTime at={session.expiresAt} />
          </span>
        </p>
      </div>
      {!session.current && (
        <ConfirmDialog
          open={asking}
          onOpenChange={setAsking}
          trigger={
            <Button size="sm" disabled={stale}>
              End<span className="sr-only"> the session of {device.name}</span>
            </Button>
          }
          title={`End the session of ${device.name}?`}
          description="Whoever uses it has to sign in again."
          action="End session"
          danger
          pending={end.isPending}
          onConfirm={() => end.mutate([session.id], { onSettled: () => setAsking(false) })}
        />
      )}
    </li>
  );
}

function EndOthers({ ids }: { ids: string[] }) {
  const [asking, setAsking] = useState(false);
  const end = useEnd();
  const stale = useStale();
  return (
    <ConfirmDialog
      open={asking}
      onOpenChange={setAsking}
      trigger={<Button disabled={stale}>End all others</Button>}
      title={ids.length === 1 ? "End the other session?" : `End the ${ids.length} other sessions?`}
      description="You stay signed in here; everywhere else you have to sign in again."
      action="End them"
      danger
      pending={end.isPending}
      onConfirm={() => end.mutate(ids, { onSettled: () => setAsking(false) })}
    />
  );
}

function Everywhere() {
  const [pending, setPending] = useState(false);
  const signOut = useSignOut();
  const stale = useStale();
  return (
    <ConfirmDialog
      trigger={
        <Button variant="ghost" disabled={stale}>
          Sign out everywhere
        </Button>
      }
      title="Sign out everywhere?"
      description="Every session ends, this one too."
      action="Sign out everywhere"
      danger
      pending={pending}
      onConfirm={() => {
        setPending(true);
        void signOut({ everywhere: true }).finally(() => setPending(false));
      }}
    />
  );
}
