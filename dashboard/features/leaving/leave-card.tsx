"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { forgetRecent } from "@/features/guilds/recent";
import { api } from "@/lib/api-client";
import { useStale } from "@/lib/query/provider";
import { announceSession } from "@/lib/session-events";
import { ConfirmByName } from "./confirm-by-name";
import type { Farewell } from "./queries";

/** Deletes the account. The session is over then: what the browser keeps goes when the last word is read. */
export function LeaveCard({ username }: { username: string }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const stale = useStale();
  const title = useId();
  const leave = useMutation({
    mutationFn: async (confirm: string) => {
      const { data } = await api.POST("/auth/me/deletion", { body: { confirm } });
      if (!data) throw new Error("delete account: no content");
      await client.cancelQueries();
      await fetch("/auth/logout", { method: "POST" }); // the cookie; its session is gone
      return data;
    },
    onSuccess: () => setAsking(false),
  });
  return (
    <Card aria-labelledby={title}>
      <CardHeader id={title} title="Delete your account" hint="At once and for good." />
      <CardBody className="grid gap-3 text-sm">
        <ul className="grid list-disc gap-1 pl-5 text-muted">
          <li>All your sessions end, and Trackbot gives its authorization back to Discord.</li>
          <li>Your profile, your servers and your permissions there are deleted.</li>
          <li>
            In the logs of servers, an alias takes the place of your name and id within minutes; addresses are deleted.
          </li>
          <li>What the servers track stays: it is theirs. A manager can delete it under Data in the server.</li>
        </ul>
        <div>
          <Button variant="danger" disabled={stale} onClick={() => setAsking(true)}>
            Delete account
          </Button>
        </div>
      </CardBody>
      <ConfirmByName
        open={asking}
        onClose={() => setAsking(false)}
        title="Delete your account?"
        description="You are signed out everywhere. You can sign in again later, as somebody new."
        name={username}
        label="Your user name"
        action="Delete account"
        pending={leave.isPending}
        error={leave.error}
        onConfirm={(typed) => leave.mutate(typed)}
      />
      <Goodbye end={leave.data} />
    </Card>
  );
}

const ends: Record<Farewell["discord"], string> = {
  revoked: "Discord has taken back what you allowed Trackbot.",
  none: "There was no authorization left at Discord.",
  unreachable:
    "Discord did not answer. To take back what you allowed there, open User Settings, Authorized Apps, and remove Trackbot.",
};

function Goodbye({ end }: { end: Farewell | undefined }) {
  const away = () => {
    forgetRecent();
    announceSession("signed-out");
  };
  return (
    <Dialog
      open={end !== undefined}
      onOpenChange={away}
      title="Your account is deleted"
      description={end && ends[end.discord]}
      footer={
        <Button variant="primary" onClick={away}>
          Close
        </Button>
      }
    />
  );
}
