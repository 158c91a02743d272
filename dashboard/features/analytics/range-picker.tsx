"use client";

import { useState } from "react";
import { type DateRange, DayPicker } from "react-day-picker";
import { Button } from "@/components/ui/button";
import { ChevronLeft, ChevronRight } from "@/components/ui/icons";
import { dayOf, MAX_DAYS } from "./period";

type PickerProps = {
  value: { from: string; to: string } | null;
  onChange: (range: { from: string; to: string }) => void;
};

/** A day of the address as the calendar's midnight. */
const local = (day: string) => new Date(`${day}T00:00`);

export function RangePicker({ value, onChange }: PickerProps) {
  const [range, setRange] = useState<DateRange | undefined>(
    value ? { from: local(value.from), to: local(value.to) } : undefined,
  );
  const { from, to } = range ?? {};
  return (
    <div className="grid gap-3">
      <DayPicker
        mode="range"
        autoFocus
        selected={range}
        onSelect={setRange}
        defaultMonth={to ?? new Date()}
        disabled={{ after: new Date() }}
        max={MAX_DAYS - 1}
        showOutsideDays
        components={parts}
        classNames={classNames}
      />
      <div className="flex items-center justify-between gap-3">
        <p className="text-muted text-xs" role="status">
          {from && to ? `${dayOf(from)} to ${dayOf(to)}` : "Choose the first and the last day"}
        </p>
        <Button
          variant="primary"
          size="sm"
          disabled={!from || !to}
          onClick={() => from && to && onChange({ from: dayOf(from), to: dayOf(to) })}
        >
          Apply
        </Button>
      </div>
    </div>
  );
}

const nav =
  "grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg aria-disabled:opacity-40";

const classNames = {
  months: "relative",
  nav: "absolute inset-x-0 top-0 flex justify-between",
  button_previous: nav,
  button_next: nav,
  month_caption: "mb-2 grid h-8 place-items-center font-medium text-sm",
  month_grid: "border-collapse",
  weekday: "size-9 font-normal text-subtle text-xs",
  day: "p-0 text-center text-sm",
  day_button: "figures size-9 rounded-md hover:bg-hover disabled:pointer-events-none",
  today: "font-semibold text-accent-text",
  outside: "text-subtle",
  disabled: "opacity-40",
  range_start: "rounded-l-md bg-accent-soft [&>button]:bg-accent [&>button]:text-accent-fg [&>button]:hover:bg-accent",
  range_end: "rounded-r-md bg-accent-soft [&>button]:bg-accent [&>button]:text-accent-fg [&>button]:hover:bg-accent",
  range_middle: "bg-accent-soft",
};

function Chevron({ orientation }: { orientation?: "up" | "down" | "left" | "right" }) {
  const Icon = orientation === "left" ? ChevronLeft : ChevronRight;
  return <Icon aria-hidden="true" className="size-4" />;
}

const parts = { Chevron };
