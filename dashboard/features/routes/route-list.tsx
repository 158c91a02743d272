"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/dialog";
import { inBrowser } from "@/components/ui/in-browser";
import { notify } from "@/components/ui/toast";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { useRouteWrites } from "./mutations";
import { type Names, useNames } from "./names";
import type { PostRoute } from "./queries";
import { RouteRow } from "./route-row";

const RouteDialog = inBrowser(async () => (await import("./route-dialog")).RouteDialog);

/** The form of a route, or of a new one where there is none. */
export interface RouteForm {
  route: PostRoute | null;
  open: boolean;
}

interface RouteListProps {
  guildId: string;
  items: readonly PostRoute[];
  access: WriteAccess;
  form: RouteForm;
  onForm: (form: RouteForm) => void;
}

/** The routes, and what is done with them. */
export function RouteList({ guildId, items, access, form, onForm }: RouteListProps) {
  const names = useNames(guildId);
  const { update } = useRouteWrites(guildId);
  const [removing, setRemoving] = useState<PostRoute | null>(null);
  const setState = (route: PostRoute, state: PostRoute["state"]) =>
    update.mutate(
      { route, change: { state } },
      {
        onSuccess: () => notify.success(state === "paused" ? "The route is paused" : "The route is active again"),
        onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
      },
    );
  return (
    <>
      {items.length > 0 && (
        <ul className="divide-y">
          {items.map((route) => (
            <RouteRow
              key={route.id}
              {...{ route, names, access }}
              onEdit={() => onForm({ route, open: true })}
              onRemove={() => setRemoving(route)}
              onState={(state) => setState(route, state)}
            />
          ))}
        </ul>
      )}
      {access.canManage && (
        <RouteDialog {...{ guildId, names, access }} {...form} onClose={() => onForm({ ...form, open: false })} />
      )}
      <RemoveRoute {...{ guildId, names }} route={removing} onClose={() => setRemoving(null)} />
    </>
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
