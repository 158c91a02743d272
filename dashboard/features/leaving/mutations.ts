"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import { useChanged } from "@/lib/query/provider";
import { guildQuery } from "../guilds/queries";
import { deletionQuery } from "./queries";

/** The writes on the plan to delete a guild's data. */
export function useDeletionWrites(guildId: string) {
  const client = useQueryClient();
  const changed = useChanged();
  const { queryKey } = deletionQuery(guildId);
  const params = { path: { guildId } };
  const settled = () => changed([queryKey, guildQuery(guildId).queryKey]);

  const schedule = useMutation({
    mutationFn: async (confirm: string) => {
      const { data } = await api.POST("/guilds/{guildId}/deletion", { params, body: { confirm } });
      if (!data) throw new Error("schedule deletion: no content");
      return data;
    },
    onSuccess: (plan) => client.setQueryData(queryKey, plan),
    onSettled: settled,
  });

  const cancel = useMutation({
    mutationFn: async () => {
      await api.DELETE("/guilds/{guildId}/deletion", { params });
    },
    onSettled: settled,
  });

  return { schedule, cancel };
}
