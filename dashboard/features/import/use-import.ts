"use client";

import { useMutation } from "@tanstack/react-query";
import { accountsKey } from "@/features/accounts/queries";
import { brandsQuery, groupsQuery, guildQuery } from "@/features/tracking/queries";
import { api } from "@/lib/api-client";
import { useChanged } from "@/lib/query/provider";
import { mediaOf } from "./lines";

/** Tracks the accounts of a file. What it makes besides, groups and brands, is read again too. */
export function useImport(guildId: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: async ({ text, groupId }: { text: string; groupId: string }) => {
      const { data } = await api.POST("/guilds/{guildId}/accounts/import", {
        params: { path: { guildId }, query: { groupId } },
        headers: { "content-type": mediaOf(text) },
        body: text,
        bodySerializer: (body) => body,
      });
      if (!data) throw new Error("import accounts: no content");
      return data;
    },
    onSuccess: () =>
      changed([
        accountsKey(guildId),
        brandsQuery(guildId).queryKey,
        groupsQuery(guildId).queryKey,
        guildQuery(guildId).queryKey,
      ]),
  });
}
