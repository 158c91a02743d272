"use client";

import { Select as Base } from "@base-ui/react/select";
import type { ReactNode } from "react";
import { Check, ChevronsUpDown } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { controlClass } from "./control";
import { itemClass } from "./item";

export type Option<T extends string> = { value: T; label: string; icon?: ReactNode; disabled?: boolean };

export type FormSelectProps<T extends string> = {
  options: readonly Option<T>[];
  value: T | null;
  onValueChange: (value: T) => void;
  /** The name; leave it out inside a Field, whose label names it. */
  label?: string;
  placeholder?: string;
  name?: string;
  disabled?: boolean;
  /** Open as soon as it is there. */
  defaultOpen?: boolean;
  className?: string;
};

/** One of a short list. For long lists to search in there is Combobox. */
export function FormSelect<T extends string>(props: FormSelectProps<T>) {
  const {
    options,
    value,
    onValueChange,
    label,
    placeholder = "Choose",
    name,
    disabled,
    defaultOpen,
    className,
  } = props;
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      name={name}
      defaultOpen={defaultOpen}
      disabled={disabled}
    >
      <Base.Trigger
        aria-label={label && chosen ? `${label}: ${chosen.label}` : label}
        className={cn(controlClass, "flex items-center justify-between gap-2 data-placeholder:text-subtle", className)}
      >
        <span className="flex min-w-0 items-center gap-2 [&_svg]:size-4">
          {chosen?.icon}
          <span className="truncate">
            <Base.Value placeholder={placeholder} />
          </span>
        </span>
        <Base.Icon className="text-subtle">
          <ChevronsUpDown aria-hidden="true" className="size-3.5" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className="popup max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1">
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} disabled={option.disabled} className={itemClass}>
                  {option.icon}
                  <Base.ItemText className="flex-1 truncate">{option.label}</Base.ItemText>
                  <Base.ItemIndicator>
                    <Check aria-hidden="true" className="text-accent-text" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
