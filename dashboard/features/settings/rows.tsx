"use client";

import type { ReactNode } from "react";
import { Card, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Switch } from "@/components/ui/switch";
import type { Key } from "./changes";
import type { Settings } from "./queries";

/** What each group of the form is given. */
export type GroupProps = {
  guildId: string;
  value: Settings;
  errors: Partial<Record<Key, string>>;
  disabled: boolean;
  onChange: (change: Partial<Settings>) => void;
};

export function Group({
  id,
  title,
  hint,
  children,
}: {
  id: string;
  title: string;
  hint?: string;
  children: ReactNode;
}) {
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} hint={hint} />
      <div className="grid gap-5 px-4 pb-5 md:grid-cols-2 md:gap-x-8">{children}</div>
    </Card>
  );
}

type ToggleProps = {
  label: string;
  hint: string;
  checked: boolean;
  disabled: boolean;
  onChange: (checked: boolean) => void;
  error?: string;
};

/** A switch with its label beside it. */
export function Toggle({ label, hint, checked, disabled, onChange, error }: ToggleProps) {
  return (
    <Field label={label} hint={hint} error={error} disabled={disabled}>
      <Switch checked={checked} onCheckedChange={onChange} />
    </Field>
  );
}
