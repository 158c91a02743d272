"use client";

import { type ComponentProps, useEffect, useRef } from "react";
import { Check, Minus } from "@/components/ui/icons";
import { cn } from "@/lib/cn";

type CheckboxProps = Omit<ComponentProps<"input">, "type" | "ref" | "checked" | "onChange"> & {
  checked: boolean;
  /** Some of what it stands for is chosen. */
  indeterminate?: boolean;
  onCheckedChange: (checked: boolean) => void;
};

export function Checkbox({ className, checked, indeterminate = false, onCheckedChange, ...props }: CheckboxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const Mark = indeterminate ? Minus : Check;
  return (
    <span className={cn("relative grid size-4 shrink-0 place-items-center", className)}>
      <input
        ref={input}
        type="checkbox"
        checked={checked}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className="col-start-1 row-start-1 size-4 appearance-none rounded border border-control bg-surface before:absolute before:-inset-1 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50 pointer-coarse:before:-inset-2.5"
        {...props}
      />
      {(checked || indeterminate) && (
        <Mark
          aria-hidden="true"
          className="pointer-events-none relative col-start-1 row-start-1 size-3 text-accent-fg"
          strokeWidth={3}
        />
      )}
    </span>
  );
}
