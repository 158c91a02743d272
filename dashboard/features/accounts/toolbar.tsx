"use client";

import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Columns3, SlidersHorizontal } from "@/components/ui/icons";
import { later } from "@/components/ui/in-browser";
import { Menu, MenuCheckbox } from "@/components/ui/menu";
import { SearchInput } from "@/components/ui/search-input";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { useSearch } from "@/features/tracking/use-search";
import { accountLayout, CHOOSABLE } from "./layout";
import type { AccountFilters } from "./queries";
import type { SelectsProps } from "./selects";

const widths = { brand: "w-27", group: "w-27", platform: "w-31", state: "w-26" };

const Selects = later(
  async () => (await import("./selects")).Selects,
  () => Object.entries(widths).map(([name, width]) => <Skeleton key={name} className={`h-8 max-lg:hidden ${width}`} />),
);

interface ToolbarProps extends SelectsProps {
  hidden: readonly string[];
  onHiddenChange: (hidden: string[]) => void;
}

const NO_FILTERS: AccountFilters = { q: "", brand: null, group: null, platform: null, state: null };

export function AccountToolbar({ filters, onChange, places, hidden, onHiddenChange }: ToolbarProps) {
  const [text, setText] = useSearch(filters.q, (q) => onChange({ q }));
  const [sheet, setSheet] = useState(false);
  const { q: _q, ...choices } = filters;
  const set = Object.values(choices).filter((value) => value !== null).length;
  const clear = () => {
    setText("");
    onChange(NO_FILTERS);
  };
  const selects = <Selects {...{ filters, onChange, places }} />;
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <SearchInput
        label="Search accounts"
        value={text}
        onValueChange={setText}
        maxLength={100}
        className="min-w-40 flex-1 lg:max-w-64"
      />
      <div className="hidden flex-wrap items-center gap-2 lg:flex">{selects}</div>
      <Button className="lg:hidden" onClick={() => setSheet(true)}>
        <SlidersHorizontal aria-hidden />
        Filters{set > 0 && ` (${set})`}
      </Button>
      {(set > 0 || text) && (
        <Button variant="ghost" onClick={clear}>
          Clear
        </Button>
      )}
      <div className="ml-auto hidden lg:block">
        <ColumnMenu hidden={hidden} onHiddenChange={onHiddenChange} />
      </div>
      <Sheet open={sheet} onOpenChange={setSheet} title="Filters" side="bottom">
        <div className="grid gap-3 p-4">
          {selects}
          <Button variant="primary" onClick={() => setSheet(false)}>
            Show accounts
          </Button>
        </div>
      </Sheet>
    </search>
  );
}

function ColumnMenu({ hidden, onHiddenChange }: Pick<ToolbarProps, "hidden" | "onHiddenChange">) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Choose columns" variant="secondary">
          <Columns3 aria-hidden />
        </IconButton>
      }
    >
      {CHOOSABLE.map((id) => (
        <MenuCheckbox
          key={id}
          checked={!hidden.includes(id)}
          onCheckedChange={(checked) =>
            onHiddenChange(checked ? hidden.filter((other) => other !== id) : [...hidden, id])
          }
        >
          {accountLayout[id]?.label}
        </MenuCheckbox>
      ))}
    </Menu>
  );
}
