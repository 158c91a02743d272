"use client";

import { FilterSelect } from "@/features/tracking/filter-select";
import { platformLabel, stateLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Places } from "@/features/tracking/use-tracking";
import { ACCOUNT_STATES, PLATFORMS } from "@/features/tracking/values";
import type { AccountFilters } from "./queries";

export interface SelectsProps {
  filters: AccountFilters;
  onChange: (change: Partial<AccountFilters>) => void;
  places: Places;
}

export function Selects({ filters, onChange, places }: SelectsProps) {
  const groups = places.groups.filter((group) => !filters.brand || group.brandId === filters.brand);
  return (
    <>
      <FilterSelect
        label="Brand"
        all="All brands"
        value={filters.brand}
        onChange={(brand) => onChange({ brand, group: null })}
        options={places.brands.map((brand) => ({ value: brand.id, label: brand.name }))}
      />
      <FilterSelect
        label="Group"
        all="All groups"
        value={filters.group}
        onChange={(group) => onChange({ group })}
        options={groups.map((group) => ({
          value: group.id,
          label: filters.brand ? group.name : `${places.brand(group.brandId)?.name ?? ""} › ${group.name}`,
        }))}
      />
      <FilterSelect
        label="Platform"
        all="All platforms"
        value={filters.platform}
        onChange={(platform) => onChange({ platform })}
        options={PLATFORMS.map((platform) => ({
          value: platform,
          label: platformLabel[platform],
          icon: <PlatformIcon platform={platform} decorative />,
        }))}
      />
      <FilterSelect
        label="State"
        all="All states"
        value={filters.state}
        onChange={(state) => onChange({ state })}
        options={ACCOUNT_STATES.map((state) => ({ value: state, label: stateLabel[state] }))}
      />
    </>
  );
}
