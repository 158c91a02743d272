"use client";

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { faultOf, Refusal } from "@/components/data/refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useStale } from "@/lib/query/provider";

interface ConfirmByNameProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: ReactNode;
  /** What is to be typed. */
  name: string;
  label: string;
  action: string;
  pending: boolean;
  error: unknown;
  onConfirm: (typed: string) => void;
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Asks for a name to be typed before something is deleted for good. */
export function ConfirmByName({ open, onClose, title, description, ...form }: ConfirmByNameProps) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <NameForm {...form} />
    </Dialog>
  );
}

type FormProps = Omit<ConfirmByNameProps, "open" | "onClose" | "title" | "description">;

function NameForm({ name, label, action, pending, error, onConfirm }: FormProps) {
  const [typed, setTyped] = useState("");
  const stale = useStale();
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (same(typed, name)) onConfirm(typed);
  };
  return (
    <form id={form} onSubmit={submit} className="grid gap-4">
      <Field label={label} hint={<>Type “{name}” to be sure.</>} error={faultOf(error, "confirm")}>
        <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" spellCheck={false} />
      </Field>
      {error !== null && faultOf(error, "confirm") === undefined && <Refusal error={error} />}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Cancel</Button>} />
        <Button type="submit" variant="danger" pending={pending} disabled={stale || !same(typed, name)}>
          {action}
        </Button>
      </div>
    </form>
  );
}
