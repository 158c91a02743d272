"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type SegmentedProps<T extends string> = {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  /** With `icon` the label is read out and not shown. */
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  className?: string;
};

/** A choice of two to five that is worth seeing at once. */
export function SegmentedControl<T extends string>({
  label,
  value,
  onValueChange,
  options,
  className,
}: SegmentedProps<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => {
        const chosen = next.at(-1);
        if (chosen !== undefined) onValueChange(chosen as T);
      }}
      className={cn(
        "inline-flex h-8 rounded-md border border-line-strong bg-sunken p-0.5 pointer-coarse:h-10",
        className,
      )}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          aria-label={option.icon ? option.label : undefined}
          className="inline-flex items-center justify-center gap-1.5 rounded px-2.5 font-medium text-muted text-xs hover:text-fg data-pressed:bg-surface data-pressed:text-fg data-pressed:shadow-card dark:data-pressed:bg-active [&_svg]:size-4"
        >
          {option.icon ?? option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
