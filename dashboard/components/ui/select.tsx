"use client";

import { lazy } from "react";
import { ChevronsUpDown } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { controlClass } from "./control";
import type { FormSelectProps } from "./form-select";
import { OnUse } from "./on-use";

const load = () => import("./form-select");
const Loaded = lazy(async () => {
  const { FormSelect } = await load();
  return { default: (props: FormSelectProps<string>) => <FormSelect {...props} defaultOpen /> };
});

type SelectProps<T extends string> = Omit<FormSelectProps<T>, "label" | "name" | "defaultOpen"> & { label: string };

/** One of a short list, with a name of its own; loaded when it is used. Inside a Field there is FormSelect. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { options, value, label, placeholder = "Choose", disabled, className } = props;
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
          data-disabled={disabled ? "" : undefined}
          data-placeholder={chosen ? undefined : ""}
          className={cn(
            controlClass,
            "flex items-center justify-between gap-2 data-placeholder:text-subtle",
            className,
          )}
          {...on}
        >
          <span className="flex min-w-0 items-center gap-2 [&_svg]:size-4">
            {chosen?.icon}
            <span className="truncate">{chosen?.label ?? placeholder}</span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 text-subtle" />
        </button>
      )}
    >
      <Loaded {...(props as unknown as FormSelectProps<string>)} />
    </OnUse>
  );
}
