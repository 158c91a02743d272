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

// An empty value would count as none chosen and show the placeholder.
const ALL = "all";

/** One value of a filter, or all. A set filter is marked. */
export function FilterSelect<T extends string>(props: FilterSelectProps<T>) {
  const { label, all, value, onChange, options, className } = props;
  return (
    <Select<T | typeof ALL>
      label={label}
      value={value ?? ALL}
      onValueChange={(next) => onChange(next === ALL ? null : next)}
      options={[{ value: ALL, label: all }, ...options]}
      className={cn("w-full lg:w-auto lg:max-w-44", value && "border-accent bg-accent-soft", className)}
    />
  );
}
