"use client";

import { Field as BaseField } from "@base-ui/react/field";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type FieldProps = {
  label: ReactNode;
  /** What the value does, below the label. */
  hint?: ReactNode;
  /** What is wrong with the value; marks the control as invalid and is read out with it. */
  error?: string;
  name?: string;
  disabled?: boolean;
  className?: string;
  children: ReactNode;
};

/** A control of Base UI (Input, Select, Checkbox, …) with its label, hint and error tied to it. */
export function Field({ label, hint, error, name, disabled, className, children }: FieldProps) {
  return (
    <BaseField.Root
      name={name}
      disabled={disabled}
      invalid={Boolean(error)}
      className={cn("grid content-start gap-1.5", className)}
    >
      <BaseField.Label className="font-medium text-fg text-sm">{label}</BaseField.Label>
      {children}
      {hint && <BaseField.Description className="text-muted text-xs">{hint}</BaseField.Description>}
      <BaseField.Error match={Boolean(error)} className="font-medium text-danger text-xs">
        {error}
      </BaseField.Error>
    </BaseField.Root>
  );
}
