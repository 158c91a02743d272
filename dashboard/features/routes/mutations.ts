"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import { useTold } from "@/lib/query/provider";
import { type PostRoute, type RouteCreate, type RouteUpdate, routesQuery } from "./queries";

export interface Change {
  route: PostRoute;
  change: RouteUpdate;
}

/** What the API will answer to a change, as far as it can be known before. */
export function foresee({ route, change }: Change): PostRoute {
  const next = { ...route, ...change };
  if (change.state === undefined || change.state === route.state) return next;
  return { ...next, stateReason: null };
}

/** The writes on a guild's routes. A pause shows at once and is taken back when it is refused. */
export function useRouteWrites(guildId: string) {
  const client = useQueryClient();
  const told = useTold();
  const { queryKey } = routesQuery(guildId);
  const edit = (items: (before: PostRoute[]) => PostRoute[]) =>
    client.setQueryData(queryKey, (list) => list && { ...list, items: items(list.items) });
  const replace = (route: PostRoute) => edit((all) => all.map((item) => (item.id === route.id ? route : item)));

  const create = useMutation({
    mutationFn: async (body: RouteCreate) => {
      const { data } = await api.POST("/guilds/{guildId}/routes", { params: { path: { guildId } }, body });
      if (!data) throw new Error("create route: no content");
      return data;
    },
    onSuccess: (made) => {
      edit((all) => [made, ...all.filter((item) => item.id !== made.id)]);
      told([queryKey]);
    },
  });

  const update = useMutation({
    mutationFn: async ({ route, change }: Change) => {
      const { data } = await api.PATCH("/guilds/{guildId}/routes/{routeId}", {
        params: { path: { guildId, routeId: route.id } },
        body: change,
      });
      if (!data) throw new Error("update route: no content");
      return data;
    },
    onMutate: (asked) => asked.change.state && replace(foresee(asked)),
    onError: (_error, { route }) => replace(route),
    onSuccess: (route) => {
      replace(route);
      told([queryKey]);
    },
  });

  const remove = useMutation({
    mutationFn: async (route: PostRoute) => {
      await api.DELETE("/guilds/{guildId}/routes/{routeId}", { params: { path: { guildId, routeId: route.id } } });
    },
    onSuccess: (_answer, route) => {
      edit((all) => all.filter((item) => item.id !== route.id));
      told([queryKey]);
    },
  });

  return { create, update, remove };
}
