"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { useMemo } from "react";
import { Check, ChevronsUpDown, X } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { controlClass } from "./control";
import type { Option } from "./form-select";
import { itemClass } from "./item";

export type ComboboxProps<T extends string> = {
  options: readonly Option<T>[];
  value: T | null;
  onValueChange: (value: T | null) => void;
  label: string;
  placeholder?: string;
  empty?: string;
  disabled?: boolean;
  /** Lets the choice be taken back. */
  clearable?: boolean;
  /** Open and with the cursor in it as soon as it is there. */
  defaultOpen?: boolean;
  className?: string;
};

/** One of a list that is long enough to search in, such as channels, brands or time zones. */
export function Combobox<T extends string>(props: ComboboxProps<T>) {
  const {
    options,
    value,
    onValueChange,
    label,
    placeholder = "Search",
    empty = "Nothing found",
    disabled,
    clearable,
    defaultOpen,
    className,
  } = props;
  const chosen = useMemo(() => options.find((option) => option.value === value) ?? null, [options, value]);
  return (
    <Base.Root
      items={options}
      value={chosen}
      onValueChange={(next) => onValueChange(next?.value ?? null)}
      itemToStringLabel={(option) => option.label}
      isItemEqualToValue={(a, b) => a.value === b.value}
      limit={200}
      disabled={disabled}
      defaultOpen={defaultOpen}
    >
      <div className={cn("relative", className)}>
        <Base.Input
          aria-label={label}
          placeholder={placeholder}
          autoFocus={defaultOpen}
          className={cn(controlClass, "pr-14")}
        />
        {clearable && (
          <Base.Clear
            aria-label={`Clear ${label.toLowerCase()}`}
            className="absolute inset-y-0 right-7 grid w-7 place-items-center text-subtle hover:text-fg data-disabled:hidden"
          >
            <X aria-hidden="true" className="size-3.5" />
          </Base.Clear>
        )}
        <Base.Trigger
          aria-label={`Show ${label.toLowerCase()}`}
          className="absolute inset-y-0 right-0 grid w-8 place-items-center text-subtle"
        >
          <ChevronsUpDown aria-hidden="true" className="size-3.5" />
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50">
          <Base.Popup className="popup max-h-[min(20rem,var(--available-height))] w-(--anchor-width) min-w-48 overflow-y-auto p-1">
            <Base.Empty className="px-2 text-muted text-sm empty:hidden">
              <div className="py-3">{empty}</div>
            </Base.Empty>
            <Base.List>
              {(option: Option<T>) => (
                <Base.Item key={option.value} value={option} disabled={option.disabled} className={itemClass}>
                  {option.icon}
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  <Base.ItemIndicator>
                    <Check aria-hidden="true" />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
