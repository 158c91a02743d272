"use client";

import { type FormEvent, useId, useState } from "react";
import { faultOf, Refusal } from "@/components/data/refusal";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { TriangleAlert } from "@/components/ui/icons";
import { Input } from "@/components/ui/input";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { expiryOf, LIFETIMES, type Lifetime } from "@/lib/expiry";
import { curlExample } from "./curl";
import { useKeyWrites } from "./mutations";
import type { ApiKeyCreated } from "./queries";

interface CreateKeyProps {
  guildId: string;
  apiUrl: string;
  access: WriteAccess;
  open: boolean;
  onClose: () => void;
}

const SCOPES = [
  { value: "read", label: "Read: see what the dashboard shows" },
  { value: "write", label: "Read and write: change it too" },
] as const;

/** Makes a key and shows its secret, which nobody can see again. */
export function CreateKeyDialog({ open, onClose, ...rest }: CreateKeyProps) {
  const [made, setMade] = useState<ApiKeyCreated | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={made ? `${made.name} is made` : "New API key"}
      description={made ? undefined : "It works for this server alone. Give each program a key of its own."}
    >
      {made ? <Secret {...rest} made={made} onDone={close} /> : <KeyForm {...rest} onMade={setMade} />}
    </Dialog>
  );
}

type FormProps = Omit<CreateKeyProps, "open" | "onClose"> & { onMade: (key: ApiKeyCreated) => void };

function KeyForm({ guildId, access, onMade }: FormProps) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<(typeof SCOPES)[number]["value"]>("read");
  const [days, setDays] = useState<Lifetime>("90");
  const { create } = useKeyWrites(guildId);
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    const body = { name: name.trim(), scopes: [scope], expiresAt: expiryOf(days, Date.now()) };
    create.mutate(body, { onSuccess: onMade });
  };
  return (
    <>
      <form id={form} onSubmit={submit} className="grid gap-4">
        <Field label="Name" hint="What uses it, such as “Nightly report”." error={faultOf(create.error, "name")}>
          <Input value={name} onValueChange={setName} maxLength={100} autoFocus autoComplete="off" />
        </Field>
        <Field label="May" error={faultOf(create.error, "scopes")}>
          <FormSelect options={SCOPES} value={scope} onValueChange={setScope} />
        </Field>
        <Field label="Expires after" error={faultOf(create.error, "expiresAt")}>
          <FormSelect options={LIFETIMES} value={days} onValueChange={setDays} />
        </Field>
        {create.error && <Refusal guildId={guildId} error={create.error} named={["name", "scopes", "expiresAt"]} />}
      </form>
      <div className="mt-5 flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          variant="primary"
          type="submit"
          form={form}
          pending={create.isPending}
          disabled={name.trim() === "" || access.blocked !== undefined}
          title={access.blocked}
        >
          Make key
        </Button>
      </div>
    </>
  );
}

type SecretProps = Pick<CreateKeyProps, "guildId" | "apiUrl"> & { made: ApiKeyCreated; onDone: () => void };

function Secret({ guildId, apiUrl, made, onDone }: SecretProps) {
  const example = curlExample(apiUrl, guildId, made.key);
  return (
    <div className="grid gap-4">
      <p role="status" className="flex gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        Copy the key now and keep it safe. It is shown this once and cannot be read again.
      </p>
      <Copyable label="Key" value={made.key} />
      <Copyable label="Try it" value={example} />
      <div className="flex justify-end">
        <Button variant="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

function Copyable({ label, value }: { label: string; value: string }) {
  return (
    <section aria-label={label} className="grid min-w-0 gap-1.5">
      <h3 className="font-medium text-sm">{label}</h3>
      <div className="flex items-start gap-2 rounded-md border bg-sunken p-2">
        <pre className="min-w-0 flex-1 whitespace-pre-wrap break-all py-1 font-mono text-xs">{value}</pre>
        <CopyButton value={value} label={`Copy: ${label.toLowerCase()}`} />
      </div>
    </section>
  );
}
