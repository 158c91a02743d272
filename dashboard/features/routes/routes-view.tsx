"use client";

import { useState } from "react";
import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Plus, Signpost } from "@/components/ui/icons";
import { later } from "@/components/ui/in-browser";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { useWriteAccess } from "@/features/tracking/use-tracking";
import { useQuery } from "@/lib/query/use-query";
import { routesQuery } from "./queries";
import type { RouteForm } from "./route-list";

const RouteList = later(async () => (await import("./route-list")).RouteList);

/** Which posts go where. */
export function RoutesView({ guildId }: { guildId: string }) {
  const list = useQuery(routesQuery(guildId));
  const access = useWriteAccess(guildId);
  const [form, setForm] = useState<RouteForm>({ route: null, open: false });
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
        ) : (
          <>
            {items.length === 0 && <NoRoutes canManage={access.canManage} action={add} />}
            <RouteList {...{ guildId, items, access, form }} onForm={setForm} />
          </>
        )}
      </Card>
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
