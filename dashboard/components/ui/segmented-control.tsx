"use client";

import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { cn } from "@/lib/cn";

type SegmentedProps<T extends string> = {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  /** With `icon` the label is read out and not shown. */
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  className?: string;
};

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A choice of two to five that is worth seeing at once: one stop of the Tab key, arrows move among them. */
export function SegmentedControl<T extends string>(props: SegmentedProps<T>) {
  const { label, value, onValueChange, options, className } = props;
  const group = useRef<HTMLFieldSetElement>(null);
  const chosen = options.some((option) => option.value === value);
  const move = (event: KeyboardEvent, from: number) => {
    const last = options.length - 1;
    const step = steps[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? last : step && (from + step + last + 1) % (last + 1);
    if (to === undefined) return;
    event.preventDefault();
    group.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    <fieldset
      ref={group}
      aria-label={label}
      className={cn(
        "inline-flex h-8 rounded-md border border-line-strong bg-sunken p-0.5 pointer-coarse:h-10",
        className,
      )}
    >
      {options.map((option, index) => {
        const pressed = option.value === value;
        return (
          <button
            key={option.value}
            type="button"
            aria-pressed={pressed}
            aria-label={option.icon ? option.label : undefined}
            tabIndex={pressed || (!chosen && index === 0) ? 0 : -1}
            onKeyDown={(event) => move(event, index)}
            onClick={() => !pressed && onValueChange(option.value)}
            className="inline-flex items-center justify-center gap-1.5 rounded px-2.5 font-medium text-muted text-xs hover:text-fg aria-pressed:bg-surface aria-pressed:text-fg aria-pressed:shadow-card dark:aria-pressed:bg-active [&_svg]:size-4"
          >
            {option.icon ?? option.label}
          </button>
        );
      })}
    </fieldset>
  );
}
