"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CalendarDays, LayoutGrid, List, SlidersHorizontal } from "@/components/ui/icons";
import { inBrowser, later } from "@/components/ui/in-browser";
import { Popover } from "@/components/ui/popover";
import { SearchInput } from "@/components/ui/search-input";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import type { Account } from "@/features/tracking/types";
import { useSearch } from "@/features/tracking/use-search";
import type { Places } from "@/features/tracking/use-tracking";
import { countFilters, NO_POST_FILTERS, type PostFilters, type VIEWS } from "./filters";
import { rangeLabel } from "./range";

const DateRange = inBrowser(
  async () => (await import("./date-range")).DateRange,
  () => <Skeleton className="h-36 w-72" />,
);

const widths = { brand: "w-27", group: "w-27", account: "w-40", platform: "w-31", kind: "w-24.5", order: "w-30.5" };

const PostSelects = later(
  async () => (await import("./selects")).PostSelects,
  () => Object.entries(widths).map(([name, width]) => <Skeleton key={name} className={`h-8 max-lg:hidden ${width}`} />),
);

export type View = (typeof VIEWS)[number];

interface ToolbarProps {
  filters: PostFilters;
  onChange: (change: Partial<PostFilters>) => void;
  places: Places;
  accounts: readonly Account[];
  view: View;
  onView: (view: View) => void;
}

const views = [
  { value: "table", label: "Table", icon: <List aria-hidden /> },
  { value: "gallery", label: "Gallery", icon: <LayoutGrid aria-hidden /> },
] as const;

export function PostToolbar({ filters, onChange, places, accounts, view, onView }: ToolbarProps) {
  const [text, setText] = useSearch(filters.q, (q) => onChange({ q }));
  const [sheet, setSheet] = useState(false);
  const set = countFilters(filters);
  const clear = () => {
    setText("");
    onChange(NO_POST_FILTERS);
  };
  const selects = <PostSelects {...{ filters, onChange, places, accounts }} />;
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <SearchInput
        label="Search posts"
        value={text}
        onValueChange={setText}
        maxLength={100}
        className="min-w-40 flex-1 lg:max-w-64"
      />
      <div className="hidden flex-wrap items-center gap-2 lg:flex">
        {selects}
        <Popover
          label="Published between"
          trigger={
            <Button className={filters.from || filters.to ? "border-accent bg-accent-soft" : undefined}>
              <CalendarDays aria-hidden />
              {rangeLabel(filters)}
            </Button>
          }
        >
          {() => <DateRange {...{ filters, onChange }} />}
        </Popover>
      </div>
      <Button className="lg:hidden" onClick={() => setSheet(true)}>
        <SlidersHorizontal aria-hidden />
        Filters{set > 0 && ` (${set})`}
      </Button>
      {(set > 0 || text) && (
        <Button variant="ghost" onClick={clear}>
          Clear
        </Button>
      )}
      <SegmentedControl label="View" value={view} onValueChange={onView} options={views} className="lg:ml-auto" />
      <Sheet open={sheet} onOpenChange={setSheet} title="Filters" side="bottom">
        <div className="grid gap-3 p-4">
          {selects}
          <DateRange {...{ filters, onChange }} />
          <Button variant="primary" onClick={() => setSheet(false)}>
            Show posts
          </Button>
        </div>
      </Sheet>
    </search>
  );
}
