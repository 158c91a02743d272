"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type TabsProps<T extends string> = {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  tabs: readonly { value: T; label: ReactNode; panel: ReactNode }[];
  className?: string;
};

/** Panels of one page, one at a time. For pages of their own use links. */
export function Tabs<T extends string>({ label, value, onValueChange, tabs, className }: TabsProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onValueChange(next as T)} className={cn("grid gap-4", className)}>
      <Base.List aria-label={label} className="relative flex gap-4 overflow-x-auto border-b">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="focus-inset -mb-px border-transparent border-b-2 px-0.5 pb-2 font-medium text-muted text-sm hover:text-fg data-active:border-accent data-active:text-fg"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
