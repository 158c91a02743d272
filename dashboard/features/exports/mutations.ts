"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import { useTold } from "@/lib/query/provider";
import { withExport } from "./merge";
import { type ExportCreate, exportsQuery } from "./queries";

/** The writes on a guild's exports. */
export function useExportWrites(guildId: string) {
  const client = useQueryClient();
  const told = useTold();
  const { queryKey } = exportsQuery(guildId);

  const order = useMutation({
    /** The key makes a retry of the same order harmless. */
    mutationFn: async ({ body, key }: { body: ExportCreate; key: string }) => {
      const { data } = await api.POST("/guilds/{guildId}/exports", {
        params: { path: { guildId }, header: { "Idempotency-Key": key } },
        body,
      });
      if (!data) throw new Error("order export: no content");
      return data;
    },
    onSuccess: (made) => {
      client.setQueryData(queryKey, (list) => list && withExport(list, made));
      told([queryKey]);
    },
  });

  const remove = useMutation({
    mutationFn: async (exportId: string) => {
      await api.DELETE("/guilds/{guildId}/exports/{exportId}", { params: { path: { guildId, exportId } } });
      return exportId;
    },
    onSuccess: (exportId) => {
      client.setQueryData(
        queryKey,
        (list) => list && { ...list, items: list.items.filter((item) => item.id !== exportId) },
      );
      told([queryKey]);
    },
  });

  return { order, remove };
}
