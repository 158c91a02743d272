"use client";

import { Button } from "@/components/ui/button";
import { CalendarRange } from "@/components/ui/icons";
import { inBrowser } from "@/components/ui/in-browser";
import { Popover } from "@/components/ui/popover";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { Skeleton } from "@/components/ui/skeleton";
import { shortDay } from "@/lib/days";
import { useLocale } from "@/lib/format-hooks";
import type { Params } from "./choice";
import { defaultInterval, groupings, intervals, periodOf, presets } from "./period";

const RangePicker = inBrowser(
  async () => (await import("./range-picker")).RangePicker,
  () => <Skeleton className="h-72 w-64" />,
);

const groupLabels = { platform: "Platform", brand: "Brand", account: "Account" };
const intervalLabels = { day: "Days", week: "Weeks" };

type ControlsProps = { params: Params; onChange: (change: Partial<Params>) => void };

export function Controls({ params, onChange }: ControlsProps) {
  const locale = useLocale();
  const period = periodOf(params);
  const custom = "from" in period ? period : null;
  const preset = "days" in period ? String(period.days) : "";
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SegmentedControl
        label="Period"
        value={preset}
        onValueChange={(next) => {
          const days = presets.find((each) => each === next);
          if (days) onChange({ days, from: null, to: null, interval: null });
        }}
        options={presets.map((days) => ({ value: days, label: `${days} days` }))}
      />
      <Popover
        label="Choose a period"
        trigger={
          <Button>
            <CalendarRange aria-hidden="true" />
            {custom ? `${shortDay(custom.from, locale)} – ${shortDay(custom.to, locale)}` : "Other period"}
          </Button>
        }
      >
        {(close) => (
          <RangePicker
            value={custom}
            onChange={(range) => {
              onChange({ days: null, interval: null, ...range });
              close();
            }}
          />
        )}
      </Popover>
      <SegmentedControl
        label="Width of a point"
        value={params.interval ?? defaultInterval(period)}
        onValueChange={(interval) => onChange({ interval })}
        options={intervals.map((value) => ({ value, label: intervalLabels[value] }))}
      />
      <div className="flex items-center gap-2 md:ml-auto">
        <span className="text-muted text-xs">Split by</span>
        <SegmentedControl
          label="Split by"
          value={params.by}
          onValueChange={(by) => onChange({ by })}
          options={groupings.map((value) => ({ value, label: groupLabels[value] }))}
        />
      </div>
    </div>
  );
}
