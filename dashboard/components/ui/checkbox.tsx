"use client";

import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

type CheckboxProps = Omit<ComponentProps<typeof Base.Root>, "className"> & { className?: string };

export function Checkbox({ className, ...props }: CheckboxProps) {
  return (
    <Base.Root
      className={cn(
        "relative grid size-4 shrink-0 place-items-center rounded border border-control bg-surface before:absolute before:-inset-1 pointer-coarse:before:-inset-2.5 data-disabled:opacity-50 data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent",
        className,
      )}
      {...props}
    >
      <Base.Indicator className="text-accent-fg">
        {props.indeterminate ? (
          <Minus aria-hidden="true" className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden="true" className="size-3" strokeWidth={3} />
        )}
      </Base.Indicator>
    </Base.Root>
  );
}

type SwitchProps = Omit<ComponentProps<typeof BaseSwitch.Root>, "className"> & { className?: string };

export function Switch({ className, ...props }: SwitchProps) {
  return (
    <BaseSwitch.Root
      className={cn(
        "relative inline-flex h-5 w-9 shrink-0 items-center rounded-full bg-control p-0.5 transition-colors before:absolute before:-inset-1 pointer-coarse:before:-inset-2.5 data-checked:bg-accent data-disabled:opacity-50",
        className,
      )}
      {...props}
    >
      <BaseSwitch.Thumb className="size-4 rounded-full bg-white shadow-card transition-transform data-checked:translate-x-4" />
    </BaseSwitch.Root>
  );
}
