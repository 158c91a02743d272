"use client";

import { type FormEvent, useId, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { ConfirmDialog, Dialog } from "@/components/ui/dialog";
import { Pencil, Trash2 } from "@/components/ui/icons";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/toast";
import type { Account } from "@/features/tracking/types";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { explain } from "@/lib/query/explain";
import { type Place, usePlaceChanges } from "./place-mutations";

interface PlacesDialogProps {
  guildId: string;
  places: Places;
  accounts: readonly Account[];
  access: WriteAccess;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** All brands with their groups, to rename or to remove. */
export function PlacesDialog({ guildId, places, accounts, access, open, onOpenChange }: PlacesDialogProps) {
  const [renaming, setRenaming] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Place | null>(null);
  const row = { guildId, renaming, setRenaming, setRemoving, blocked: access.blocked !== undefined };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Brands and groups"
      description="New ones are made where an account is tracked or moved."
    >
      {places.brands.length === 0 && <p className="text-muted text-sm">There are none yet.</p>}
      <ul className="divide-y">
        {places.brands.map(({ id, name }) => (
          <li key={id} className="py-2">
            <Row {...row} place={{ kind: "brand", id, name }} />
            <ul className="ml-3 border-l pl-3">
              {places.groups
                .filter((group) => group.brandId === id)
                .map((group) => (
                  <li key={group.id}>
                    <Row {...row} place={{ kind: "group", id: group.id, name: group.name }} />
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
      <RemovePlace {...{ guildId, places, accounts }} place={removing} onClose={() => setRemoving(null)} />
    </Dialog>
  );
}

interface RowProps {
  guildId: string;
  place: Place;
  renaming: string | null;
  setRenaming: (id: string | null) => void;
  setRemoving: (place: Place) => void;
  blocked: boolean;
}

function Row({ guildId, place, renaming, setRenaming, setRemoving, blocked }: RowProps) {
  if (renaming === place.id) return <Rename guildId={guildId} place={place} onDone={() => setRenaming(null)} />;
  return (
    <div className="flex min-h-8 items-center gap-1 text-sm">
      <span className={place.kind === "brand" ? "min-w-0 flex-1 truncate font-medium" : "min-w-0 flex-1 truncate"}>
        {place.name}
      </span>
      <IconButton
        label={`Rename ${place.name}`}
        size="icon-sm"
        disabled={blocked}
        onClick={() => setRenaming(place.id)}
      >
        <Pencil />
      </IconButton>
      <IconButton label={`Remove ${place.name}`} size="icon-sm" disabled={blocked} onClick={() => setRemoving(place)}>
        <Trash2 />
      </IconButton>
    </div>
  );
}

function Rename({ guildId, place, onDone }: { guildId: string; place: Place; onDone: () => void }) {
  const { rename } = usePlaceChanges(guildId);
  const [name, setName] = useState(place.name);
  const fault = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = name.trim();
    if (next === place.name) return onDone();
    if (next !== "") rename.mutate({ ...place, name: next }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="grid gap-1 py-1">
      <div className="flex items-center gap-2">
        <Input
          aria-label={`New name of ${place.name}`}
          aria-describedby={rename.error ? fault : undefined}
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            onDone();
          }}
          maxLength={100}
        />
        <Button type="submit" size="sm" variant="primary" pending={rename.isPending} disabled={name.trim() === ""}>
          Save
        </Button>
        <Button size="sm" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {rename.error && (
        <p id={fault} role="alert" className="text-danger text-xs">
          {explain(rename.error).advice}
        </p>
      )}
    </form>
  );
}

type RemoveProps = Pick<PlacesDialogProps, "guildId" | "places" | "accounts"> & {
  place: Place | null;
  onClose: () => void;
};

function RemovePlace({ guildId, places, accounts, place, onClose }: RemoveProps) {
  const { remove } = usePlaceChanges(guildId);
  const confirm = () =>
    place &&
    remove.mutate(place, {
      onSuccess: () => {
        notify.success(`${place.name} is removed`);
        onClose();
      },
      onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
    });
  return (
    <ConfirmDialog
      open={place !== null}
      onOpenChange={(open) => !open && onClose()}
      title={place ? `Remove ${place.name}?` : "Remove?"}
      description={place ? lossOf(place, places, accounts) : ""}
      action="Remove"
      danger
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}

/** What goes with a brand or a group, in a sentence. */
export function lossOf({ kind, id }: Place, places: Places, accounts: readonly Account[]): string {
  const count = accounts.filter((account) => (kind === "brand" ? account.brandId : account.groupId) === id).length;
  const groups = kind === "brand" ? places.groups.filter((group) => group.brandId === id).length : 0;
  const parts = [groups > 0 && counted(groups, "group"), count > 0 && counted(count, "account")].filter(Boolean);
  if (parts.length === 0) return "Nothing is tracked in it. This cannot be undone.";
  return `Its ${parts.join(" and ")} with all posts and their history leave this dashboard. Messages in Discord stay. This cannot be undone.`;
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
