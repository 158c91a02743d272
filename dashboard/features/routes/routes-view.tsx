"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Plus, Signpost } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { notify } from "@/components/ui/toast";
import { useWriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { useRouteWrites } from "./mutations";
import { type Names, useNames } from "./names";
import { type PostRoute, routesQuery } from "./queries";
import { RouteRow } from "./route-row";

const RouteDialog = inBrowser(async () => (await import("./route-dialog")).RouteDialog);

/** Which posts go where. */
export function RoutesView({ guildId }: { guildId: string }) {
  const list = useQuery(routesQuery(guildId));
  const names = useNames(guildId);
  const access = useWriteAccess(guildId);
  const { update } = useRouteWrites(guildId);
  const [form, setForm] = useState<{ route: PostRoute | null; open: boolean }>({ route: null, open: false });
  const [removing, setRemoving] = useState<PostRoute | null>(null);

  const setState = (route: PostRoute, state: PostRoute["state"]) =>
    update.mutate(
      { route, change: { state } },
      {
        onSuccess: () => notify.success(state === "paused" ? "The route is paused" : "The route is active again"),
        onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
      },
    );
  const add = access.canManage && (
    <Button
      variant="primary"
      disabled={access.blocked !== undefined}
      title={access.blocked}
      onClick={() => setForm({ route: null, open: true })}
    >
      <Plus aria-hidden />
      New route
    </Button>
  );
  const items = list.data?.items;
  return (
    <>
      <PageHeader
        title="Routes"
        hint="Which posts go to which channel, and how they are announced."
        actions={items && items.length > 0 && add}
      />
      <Card aria-label="Routes">
        {items === undefined ? (
          list.error ? (
            <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
          ) : (
            <>
              <LoadingLabel>Loading routes</LoadingLabel>
              <SkeletonRows rows={5} />
            </>
          )
        ) : items.length === 0 ? (
          <NoRoutes canManage={access.canManage} action={add} />
        ) : (
          <ul className="divide-y">
            {items.map((route) => (
              <RouteRow
                key={route.id}
                {...{ route, names, access }}
                onEdit={() => setForm({ route, open: true })}
                onRemove={() => setRemoving(route)}
                onState={(state) => setState(route, state)}
              />
            ))}
          </ul>
        )}
      </Card>
      {access.canManage && (
        <RouteDialog {...{ guildId, names, access }} {...form} onClose={() => setForm({ ...form, open: false })} />
      )}
      <RemoveRoute {...{ guildId, names }} route={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

function NoRoutes({ canManage, action }: { canManage: boolean; action: React.ReactNode }) {
  return (
    <EmptyState icon={Signpost} title="No routes yet" action={action}>
      <p>
        Without a route, each post goes to its account’s channel or to the server’s default one. A route sends the posts
        of a brand, a group or an account to a channel of its own: only certain kinds or words, with a role to ping and
        a text of yours.
      </p>
      {!canManage && <p className="mt-2">Someone with Manage Server in Discord can add one.</p>}
    </EmptyState>
  );
}

interface RemoveProps {
  guildId: string;
  names: Names;
  route: PostRoute | null;
  onClose: () => void;
}

function RemoveRoute({ guildId, names, route, onClose }: RemoveProps) {
  const { remove } = useRouteWrites(guildId);
  const confirm = () => {
    if (!route) return;
    remove.mutate(route, {
      onSuccess: () => {
        onClose();
        notify.success("The route is deleted");
      },
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  };
  return (
    <ConfirmDialog
      open={route !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Delete this route?"
      description={
        route
          ? `Posts of ${names.target(route)} no longer go to ${names.channel(route.channelId)} by it. What was sent stays.`
          : ""
      }
      action="Delete"
      danger
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
