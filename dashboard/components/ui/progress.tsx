"use client";

import { cn } from "@/lib/cn";

type MeterProps = {
  label: string;
  value: number;
  max: number;
  /** What is read instead of a percentage, such as "12 of 50 accounts". */
  text: string;
  className?: string;
};

/** How much of a limit is used: amber from 80 %, red from 100 %. The number stands beside it, never in the colour alone. */
export function Meter({ label, value, max, text, className }: MeterProps) {
  const share = max > 0 ? value / max : 1;
  const tone = share >= 1 ? "bg-danger-solid" : share >= 0.8 ? "bg-warning-solid" : "bg-accent";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element cannot be styled alike in all browsers
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(max, value)}
      aria-valuenow={value}
      aria-valuetext={text}
      className={className}
    >
      <div className="h-1.5 overflow-hidden rounded-full bg-active">
        <div
          className={cn("h-full rounded-full", tone)}
          style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }}
        />
      </div>
    </div>
  );
}

/** How far a task is; without a value it is under way for an unknown time. */
export function Progress({ label, value, className }: { label: string; value?: number; className?: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      className={cn("h-1.5 overflow-hidden rounded-full bg-active", className)}
    >
      <div
        className={cn("h-full rounded-full bg-accent transition-[width]", value === undefined && "w-1/3 animate-pulse")}
        style={value === undefined ? undefined : { width: `${Math.min(100, value)}%` }}
      />
    </div>
  );
}
