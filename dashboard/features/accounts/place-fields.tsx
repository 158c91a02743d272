"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { Plus } from "@/components/ui/icons";
import { Input } from "@/components/ui/input";
import { brandsQuery, groupsQuery, guildQuery } from "@/features/tracking/queries";
import type { Brand, Group } from "@/features/tracking/types";
import type { Places } from "@/features/tracking/use-tracking";
import { api } from "@/lib/api-client";
import { explain } from "@/lib/query/explain";
import { useChanged } from "@/lib/query/provider";

/** Makes brands and groups, and knows them before the lists are read again. */
export function usePlaceWrites(guildId: string) {
  const client = useQueryClient();
  const changed = useChanged();
  const params = { path: { guildId } };
  const brand = useMutation({
    mutationFn: async (name: string): Promise<Brand> => {
      const { data } = await api.POST("/guilds/{guildId}/brands", { params, body: { name } });
      if (!data) throw new Error("create brand: no content");
      return data;
    },
    onSuccess: (made) => {
      client.setQueryData(
        brandsQuery(guildId).queryKey,
        (before) => before && { ...before, items: [...before.items, made] },
      );
      return changed([brandsQuery(guildId).queryKey, guildQuery(guildId).queryKey]);
    },
  });
  const group = useMutation({
    mutationFn: async (body: { name: string; brandId: string }): Promise<Group> => {
      const { data } = await api.POST("/guilds/{guildId}/groups", { params, body });
      if (!data) throw new Error("create group: no content");
      return data;
    },
    onSuccess: (made) => {
      client.setQueryData(
        groupsQuery(guildId).queryKey,
        (before) => before && { ...before, items: [...before.items, made] },
      );
      return changed([groupsQuery(guildId).queryKey, guildQuery(guildId).queryKey]);
    },
  });
  return { brand, group };
}

/** "Brand › Group": groups of several brands often have the same name. */
export const groupPath = (places: Places, { brandId, name }: Pick<Group, "brandId" | "name">): string =>
  [places.brand(brandId)?.name, name].filter(Boolean).join(" › ");

interface GroupFieldProps {
  guildId: string;
  places: Places;
  value: string | null;
  onChange: (groupId: string) => void;
  error?: string | undefined;
}

/** The brand and group an account belongs to; both can be made on the spot. */
export function GroupField({ guildId, places, value, onChange, error }: GroupFieldProps) {
  const [making, setMaking] = useState(false);
  const options = [...places.groups]
    .map((group) => ({ value: group.id, label: groupPath(places, group) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const show = making || options.length === 0;
  if (show) {
    const done = (group: Group) => {
      setMaking(false);
      onChange(group.id);
    };
    return (
      <NewGroup {...{ guildId, places, done }} onCancel={options.length > 0 ? () => setMaking(false) : undefined} />
    );
  }
  return (
    <div className="flex items-end gap-2">
      <Field label="Brand and group" error={error} className="min-w-0 flex-1">
        <FormSelect options={options} value={value} onValueChange={onChange} placeholder="Choose a group" />
      </Field>
      <Button onClick={() => setMaking(true)}>
        <Plus aria-hidden />
        New
      </Button>
    </div>
  );
}

interface NewGroupProps {
  guildId: string;
  places: Places;
  done: (group: Group) => void;
  onCancel: (() => void) | undefined;
}

const NEW = "new";

function NewGroup({ guildId, places, done, onCancel }: NewGroupProps) {
  const writes = usePlaceWrites(guildId);
  const [brandId, setBrandId] = useState(places.brands[0]?.id ?? NEW);
  const [brandName, setBrandName] = useState("");
  const [name, setName] = useState("");
  const pending = writes.brand.isPending || writes.group.isPending;
  const error = writes.brand.error ?? writes.group.error;
  const ready = name.trim() !== "" && (brandId !== NEW || brandName.trim() !== "");
  const make = async () => {
    try {
      const brand = brandId === NEW ? (await writes.brand.mutateAsync(brandName.trim())).id : brandId;
      setBrandId(brand);
      done(await writes.group.mutateAsync({ brandId: brand, name: name.trim() }));
    } catch {
      // Told below.
    }
  };
  return (
    <fieldset className="grid gap-3 rounded-md border p-3">
      <legend className="px-1 font-medium text-sm">New group</legend>
      {places.brands.length > 0 && (
        <Field label="Brand">
          <FormSelect
            value={brandId}
            onValueChange={setBrandId}
            options={[
              ...places.brands.map((brand) => ({ value: brand.id, label: brand.name })),
              { value: NEW, label: "New brand…" },
            ]}
          />
        </Field>
      )}
      {brandId === NEW && (
        <Field label="Brand's name">
          <Input value={brandName} onValueChange={setBrandName} maxLength={100} />
        </Field>
      )}
      <Field
        label="Group's name"
        hint="For example “Own channels” or “Rivals”."
        error={error ? explain(error).advice : undefined}
      >
        <Input value={name} onValueChange={setName} maxLength={100} />
      </Field>
      <div className="flex justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>Choose another</Button>}
        <Button variant="primary" disabled={!ready} pending={pending} onClick={make}>
          Add group
        </Button>
      </div>
    </fieldset>
  );
}
