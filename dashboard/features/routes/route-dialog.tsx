"use client";

import { type FormEvent, useId, useState } from "react";
import { faultOf, Refusal } from "@/components/data/refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { notify } from "@/components/ui/toast";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { type Draft, draftOf, emptyDraft, kindAndId, type TargetKind, targetOf, templateFault } from "./draft";
import { FilterFields } from "./filter-fields";
import { useRouteWrites } from "./mutations";
import type { Names } from "./names";
import { ChannelPicker, RolePicker, TargetPicker } from "./pickers";
import { Preview } from "./preview";
import type { PostRoute } from "./queries";
import { TemplateField } from "./template-field";

interface RouteDialogProps {
  guildId: string;
  names: Names;
  access: WriteAccess;
  /** The route to change; null makes a new one. */
  route: PostRoute | null;
  open: boolean;
  onClose: () => void;
}

export function RouteDialog({ open, onClose, ...rest }: RouteDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={rest.route ? "Edit route" : "New route"}
      description={
        rest.route
          ? `Posts of ${rest.names.target(rest.route)}`
          : "What it covers goes where its routes say, and no longer to the account’s own or the default channel."
      }
      className="max-w-4xl"
    >
      <RouteForm key={rest.route?.id ?? "new"} {...rest} onClose={onClose} />
    </Dialog>
  );
}

const FIELDS = ["channelId", "kinds", "include", "exclude", "mentionRoleId", "template", "target"];

function RouteForm({ guildId, names, access, route, onClose }: Omit<RouteDialogProps, "open">) {
  const [draft, setDraft] = useState<Draft>(() => (route ? draftOf(route) : emptyDraft));
  const [target, setTarget] = useState<{ kind: TargetKind; id: string | null }>(() =>
    route ? kindAndId(route) : { kind: "brand", id: names.brands[0]?.id ?? null },
  );
  const { create, update } = useRouteWrites(guildId);
  const form = useId();
  const { error, isPending } = route ? update : create;
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const fault = templateFault(draft.template ?? "");
  const ready = draft.channelId !== null && target.id !== null && draft.kinds.length > 0 && fault === undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { channelId, ...rest } = draft;
    if (!ready || channelId === null || target.id === null) return;
    const body = { ...rest, channelId };
    const done = (message: string) => () => {
      notify.success(message);
      onClose();
    };
    if (route) update.mutate({ route, change: body }, { onSuccess: done("The route is saved") });
    else create.mutate({ ...body, ...targetOf(target.kind, target.id) }, { onSuccess: done("The route is made") });
  };

  return (
    <>
      <div className="grid gap-6 md:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <form id={form} onSubmit={submit} className="grid content-start gap-4">
          {!route && <TargetPicker names={names} {...target} onChange={setTarget} />}
          <ChannelPicker
            names={names}
            value={draft.channelId}
            onChange={(channelId) => change({ channelId })}
            error={faultOf(error, "channelId")}
          />
          <FilterFields draft={draft} onChange={change} error={error} />
          <RolePicker
            names={names}
            value={draft.mentionRoleId}
            onChange={(mentionRoleId) => change({ mentionRoleId })}
            error={faultOf(error, "mentionRoleId")}
          />
          <TemplateField
            value={draft.template ?? ""}
            onChange={(template) => change({ template: template === "" ? null : template })}
            error={fault ?? faultOf(error, "template")}
          />
          {error && <Refusal guildId={guildId} error={error} named={FIELDS} />}
        </form>
        <Preview
          {...{ guildId, names, draft }}
          of={route ? { routeId: route.id } : target.id === null ? null : { target: targetOf(target.kind, target.id) }}
          sound={fault === undefined && draft.kinds.length > 0}
        />
      </div>
      <div className="mt-6 flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          variant="primary"
          type="submit"
          form={form}
          pending={isPending}
          disabled={!ready || access.blocked !== undefined}
          title={access.blocked}
        >
          {route ? "Save" : "Make route"}
        </Button>
      </div>
    </>
  );
}
