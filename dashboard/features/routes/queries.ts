import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ApiError } from "@/lib/problem";
import { readAll } from "@/lib/read-all";
import type { components } from "@/lib/schema";
import type { Draft, Target } from "./draft";

type Schemas = components["schemas"];

export type PostRoute = Schemas["Route"];
export type RouteCreate = Schemas["RouteCreate"];
export type RouteUpdate = Schemas["RouteUpdate"];
export type RoutePreview = Schemas["RoutePreview"];

export const routesQuery = (guildId: string) => readAll("/guilds/{guildId}/routes", { path: { guildId } });

/** What a route as it stands in the form would make of a post: of a saved one by its id, of a new one by its target. */
export function previewQuery(guildId: string, of: { routeId: string } | { target: Target }, draft: Draft) {
  const { channelId: _channelId, ...body } = draft;
  return queryOptions<RoutePreview, ApiError>({
    queryKey: ["preview", guildId, of, body],
    queryFn: async ({ signal }) => {
      const { data } =
        "routeId" in of
          ? await api.POST("/guilds/{guildId}/routes/{routeId}/preview", {
              params: { path: { guildId, routeId: of.routeId } },
              body,
              signal,
            })
          : await api.POST("/guilds/{guildId}/routes/preview", {
              params: { path: { guildId } },
              body: { ...body, ...of.target },
              signal,
            });
      if (!data) throw new Error("preview route: no content");
      return data;
    },
    placeholderData: keepPreviousData,
    meta: { persist: false },
    gcTime: 60_000,
    retry: false,
  });
}
