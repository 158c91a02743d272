"use client";

import { SearchSelect } from "@/components/ui/search-select";
import { Select } from "@/components/ui/select";
import { FilterSelect } from "@/features/tracking/filter-select";
import { kindLabel, platformLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import type { Account, PostSort } from "@/features/tracking/types";
import type { Places } from "@/features/tracking/use-tracking";
import { PLATFORMS, POST_KINDS } from "@/features/tracking/values";
import type { PostFilters } from "./filters";

interface SelectsProps {
  filters: PostFilters;
  onChange: (change: Partial<PostFilters>) => void;
  places: Places;
  accounts: readonly Account[];
}

const sorts: { value: PostSort; label: string }[] = [
  { value: "publishedAt", label: "Newest first" },
  { value: "views", label: "Most views" },
  { value: "likes", label: "Most likes" },
];

export function PostSelects({ filters, onChange, places, accounts }: SelectsProps) {
  const groups = places.groups.filter((group) => !filters.brand || group.brandId === filters.brand);
  const among = accounts.filter(
    (account) =>
      (!filters.brand || account.brandId === filters.brand) && (!filters.group || account.groupId === filters.group),
  );
  return (
    <>
      <FilterSelect
        label="Brand"
        all="All brands"
        value={filters.brand}
        onChange={(brand) => onChange({ brand, group: null, account: null })}
        options={places.brands.map((brand) => ({ value: brand.id, label: brand.name }))}
      />
      <FilterSelect
        label="Group"
        all="All groups"
        value={filters.group}
        onChange={(group) => onChange({ group, account: null })}
        options={groups.map((group) => ({
          value: group.id,
          label: filters.brand ? group.name : `${places.brand(group.brandId)?.name ?? ""} › ${group.name}`,
        }))}
      />
      <SearchSelect
        label="Account"
        placeholder="All accounts"
        empty="No such account"
        value={filters.account}
        onValueChange={(account) => onChange({ account })}
        options={among.map((account) => ({
          value: account.id,
          label: account.displayName || account.handle,
          icon: <PlatformIcon platform={account.platform} />,
        }))}
        className="w-full lg:w-40"
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
        label="Kind"
        all="All kinds"
        value={filters.kind}
        onChange={(kind) => onChange({ kind })}
        options={POST_KINDS.map((kind) => ({ value: kind, label: kindLabel[kind] }))}
      />
      <Select
        label="Order"
        value={filters.sort}
        onValueChange={(sort) => onChange({ sort })}
        options={sorts}
        className="w-full lg:w-auto"
      />
    </>
  );
}
