"use client";

import { type FormEvent, useId, useState } from "react";
import { faultOf, Refusal } from "@/components/data/refusal";
import { Button, ExternalButton } from "@/components/ui/button";
import { Combobox } from "@/components/ui/combobox";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { ExternalLink } from "@/components/ui/icons";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { expiryOf, LIFETIMES, type Lifetime } from "@/lib/expiry";
import { date } from "@/lib/format";
import { useShareWrites } from "./mutations";
import type { ShareCreated } from "./queries";

interface CreateShareProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
  open: boolean;
  onClose: () => void;
}

/** Makes a link and shows it, which nobody can see again. */
export function CreateShareDialog({ open, onClose, ...rest }: CreateShareProps) {
  const [made, setMade] = useState<ShareCreated | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={made ? "The link is made" : "Share a brand"}
      description={
        made
          ? "Copy it now: it is shown this once. If it gets lost, revoke it and make another."
          : "Whoever has the link sees the brand’s last week and its accounts, and nothing else."
      }
    >
      {made ? <Link made={made} onDone={close} /> : <ShareForm {...rest} onMade={setMade} />}
    </Dialog>
  );
}

type FormProps = Omit<CreateShareProps, "open" | "onClose"> & { onMade: (share: ShareCreated) => void };

function ShareForm({ guildId, places, access, onMade }: FormProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [days, setDays] = useState<Lifetime>("30");
  const { create } = useShareWrites(guildId);
  const form = useId();
  const brandId = chosen ?? places.brands[0]?.id ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (brandId === null) return;
    create.mutate({ brandId, expiresAt: expiryOf(days, Date.now()) }, { onSuccess: onMade });
  };
  return (
    <>
      <form id={form} onSubmit={submit} className="grid gap-4">
        <Field
          label="Brand"
          error={
            places.brands.length === 0
              ? "There is no brand yet. Track an account first."
              : faultOf(create.error, "brandId")
          }
        >
          <Combobox
            label="Brand"
            placeholder="Choose a brand"
            options={places.brands.map(({ id, name }) => ({ value: id, label: name }))}
            value={brandId}
            onValueChange={setChosen}
          />
        </Field>
        <Field label="Expires after" error={faultOf(create.error, "expiresAt")}>
          <FormSelect options={LIFETIMES} value={days} onValueChange={setDays} />
        </Field>
        {create.error && <Refusal guildId={guildId} error={create.error} named={["brandId", "expiresAt"]} />}
      </form>
      <div className="mt-5 flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          variant="primary"
          type="submit"
          form={form}
          pending={create.isPending}
          disabled={brandId === null || access.blocked !== undefined}
          title={access.blocked}
        >
          Make link
        </Button>
      </div>
    </>
  );
}

function Link({ made, onDone }: { made: ShareCreated; onDone: () => void }) {
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-2 rounded-md border bg-sunken p-2">
        <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid="share-url">
          {made.url}
        </code>
        <CopyButton value={made.url} label="Copy the link" />
      </div>
      <p role="status" className="text-muted text-sm">
        It works until {date(made.expiresAt)}.
      </p>
      <div className="flex justify-end gap-2">
        <ExternalButton href={made.url}>
          <ExternalLink aria-hidden />
          Open
        </ExternalButton>
        <Button variant="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
