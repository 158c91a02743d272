"use client";

import { lazy } from "react";
import { ChevronsUpDown } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import type { ComboboxProps } from "./combobox";
import { controlClass } from "./control";
import { OnUse } from "./on-use";

const load = () => import("./combobox");
const Loaded = lazy(async () => {
  const { Combobox } = await load();
  return { default: (props: ComboboxProps<string>) => <Combobox {...props} defaultOpen /> };
});

/** A Combobox that is loaded when it is used: a button with the choice until then, the field to search in after. */
export function SearchSelect<T extends string>(props: Omit<ComboboxProps<T>, "defaultOpen">) {
  const { options, value, label, placeholder, disabled, className } = props;
  const chosen = options.find((option) => option.value === value);
  return (
    <OnUse
      load={load}
      button={(on) => (
        <button
          type="button"
          role="combobox"
          aria-haspopup="listbox"
          aria-expanded={false}
          aria-label={chosen ? `${label}: ${chosen.label}` : label}
          disabled={disabled}
          className={cn(controlClass, "flex items-center justify-between gap-2 text-left", className)}
          {...on}
        >
          <span className={cn("truncate", !chosen && "text-subtle")}>{chosen?.label ?? placeholder}</span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-subtle" />
        </button>
      )}
    >
      <Loaded {...(props as unknown as ComboboxProps<string>)} />
    </OnUse>
  );
}
