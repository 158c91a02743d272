"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { lastDays, type Range } from "./range";

const PRESETS = [
  { days: 1, label: "Today" },
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
] as const;

interface DateRangeProps {
  filters: Range;
  onChange: (change: Range) => void;
}

/** First and last day, by the browser's own fields, and the ranges people ask for most. */
export function DateRange({ filters, onChange }: DateRangeProps) {
  const { from, to } = filters;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-1.5">
        {PRESETS.map(({ days, label }) => (
          <Button key={days} size="sm" onClick={() => onChange(lastDays(days, Date.now()))}>
            {label}
          </Button>
        ))}
        <Button size="sm" variant="ghost" onClick={() => onChange({ from: null, to: null })}>
          Any time
        </Button>
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Field label="From">
          <Input type="date" value={from ?? ""} onValueChange={(value) => onChange({ from: value || null, to })} />
        </Field>
        <Field label="To">
          <Input type="date" value={to ?? ""} onValueChange={(value) => onChange({ from, to: value || null })} />
        </Field>
      </div>
      <p className="text-subtle text-xs">Days of the server's time zone, both included.</p>
    </div>
  );
}
