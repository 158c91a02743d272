"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import { useTold } from "@/lib/query/provider";
import { type Share, type ShareCreate, type ShareCreated, sharesQuery } from "./queries";

/** A share without what opens it, which nothing keeps. */
export function withoutToken({ token: _token, url: _url, ...rest }: ShareCreated): Share {
  return rest;
}

/** The writes on a guild's links to scorecards. */
export function useShareWrites(guildId: string) {
  const client = useQueryClient();
  const told = useTold();
  const { queryKey } = sharesQuery(guildId);
  const edit = (items: (before: Share[]) => Share[]) =>
    client.setQueryData(queryKey, (list) => list && { ...list, items: items(list.items) });

  const create = useMutation({
    mutationFn: async (body: ShareCreate) => {
      const { data } = await api.POST("/guilds/{guildId}/shares", { params: { path: { guildId } }, body });
      if (!data) throw new Error("create share: no content");
      return data;
    },
    // The answer holds the link: it goes when the dialog does.
    gcTime: 0,
    onSuccess: (made) => {
      edit((all) => [withoutToken(made), ...all]);
      told([queryKey]);
    },
  });

  const revoke = useMutation({
    mutationFn: async ({ id }: Share) => {
      await api.DELETE("/guilds/{guildId}/shares/{shareId}", { params: { path: { guildId, shareId: id } } });
    },
    onSuccess: (_answer, { id }) => {
      edit((all) => all.filter((item) => item.id !== id));
      told([queryKey]);
    },
  });

  return { create, revoke };
}
