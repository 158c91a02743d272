"use client";

import { useMutation } from "@tanstack/react-query";
import { brandsQuery, groupsQuery, guildQuery } from "@/features/tracking/queries";
import { api } from "@/lib/api-client";
import { useChanged } from "@/lib/query/provider";
import { accountsKey } from "./queries";

/** A brand, or a group of one. */
export interface Place {
  kind: "brand" | "group";
  id: string;
  name: string;
}

/** Renames and removes brands and groups. What is removed takes its accounts along. */
export function usePlaceChanges(guildId: string) {
  const changed = useChanged();
  const places = [brandsQuery(guildId).queryKey, groupsQuery(guildId).queryKey];
  const rename = useMutation({
    mutationFn: async ({ kind, id, name }: Place) => {
      await (kind === "brand"
        ? api.PATCH("/guilds/{guildId}/brands/{brandId}", {
            params: { path: { guildId, brandId: id } },
            body: { name },
          })
        : api.PATCH("/guilds/{guildId}/groups/{groupId}", {
            params: { path: { guildId, groupId: id } },
            body: { name },
          }));
    },
    onSuccess: () => changed(places),
  });
  const remove = useMutation({
    mutationFn: async ({ kind, id }: Place) => {
      await (kind === "brand"
        ? api.DELETE("/guilds/{guildId}/brands/{brandId}", { params: { path: { guildId, brandId: id } } })
        : api.DELETE("/guilds/{guildId}/groups/{groupId}", { params: { path: { guildId, groupId: id } } }));
    },
    onSuccess: () => changed([...places, accountsKey(guildId), guildQuery(guildId).queryKey]),
  });
  return { rename, remove };
}
