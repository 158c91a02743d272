"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import { useTold } from "@/lib/query/provider";
import { type ApiKey, type ApiKeyCreate, type ApiKeyCreated, keysQuery } from "./queries";

/** A key without its secret, which nothing keeps. */
export function withoutSecret({ key: _key, ...rest }: ApiKeyCreated): ApiKey {
  return rest;
}

/** The writes on a guild's API keys. */
export function useKeyWrites(guildId: string) {
  const client = useQueryClient();
  const told = useTold();
  const { queryKey } = keysQuery(guildId);
  const edit = (items: (before: ApiKey[]) => ApiKey[]) =>
    client.setQueryData(queryKey, (list) => list && { ...list, items: items(list.items) });

  const create = useMutation({
    mutationFn: async (body: ApiKeyCreate) => {
      const { data } = await api.POST("/guilds/{guildId}/api-keys", { params: { path: { guildId } }, body });
      if (!data) throw new Error("create key: no content");
      return data;
    },
    // The answer holds the secret: it goes when the dialog does.
    gcTime: 0,
    onSuccess: (made) => {
      edit((all) => [withoutSecret(made), ...all]);
      told([queryKey]);
    },
  });

  const revoke = useMutation({
    mutationFn: async ({ id }: ApiKey) => {
      await api.DELETE("/guilds/{guildId}/api-keys/{keyId}", { params: { path: { guildId, keyId: id } } });
    },
    onSuccess: (_answer, { id }) => {
      edit((all) => all.filter((item) => item.id !== id));
      told([queryKey]);
    },
  });

  return { create, revoke };
}
