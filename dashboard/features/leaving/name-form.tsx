"use client";

import { type FormEvent, useId, useState } from "react";
import { faultOf, Refusal } from "@/components/data/refusal";
import { Button } from "@/components/ui/button";
import { DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useStale } from "@/lib/query/provider";

export interface NameFormProps {
  /** What is to be typed. */
  name: string;
  label: string;
  action: string;
  pending: boolean;
  error: unknown;
  onConfirm: (typed: string) => void;
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export function NameForm({ name, label, action, pending, error, onConfirm }: NameFormProps) {
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
