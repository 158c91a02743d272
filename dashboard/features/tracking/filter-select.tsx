"use client";

import type { ReactNode } from "react";
import { Select } from "@/components/ui/select";
import { cn } from "@/lib/cn";

interface FilterSelectProps<T extends string> {
  label: string;
  /** What stands for no filter, such as "All brands". */
  all: string;
  value: T | null;
  onChange: (value: T | null) => void;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  className?: string;
}

/** One value of a filter, or all. A set filter is marked. */
export function FilterSelect<T extends string>(props: FilterSelectProps<T>) {
  const { label, all, value, onChange, options, className } = props;
  return (
    <Select<T | "">
      label={label}
      value={value ?? ""}
      onValueChange={(next) => onChange(next === "" ? null : next)}
      options={[{ value: "", label: all }, ...options]}
      className={cn("w-full md:w-auto md:max-w-44", value && "border-accent bg-accent-soft", className)}
    />
  );
}
