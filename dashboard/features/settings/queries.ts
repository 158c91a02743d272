import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ApiError } from "@/lib/problem";
import { readAll } from "@/lib/read-all";
import type { components } from "@/lib/schema";

export type Settings = components["schemas"]["GuildSettings"];
export type GuildDetail = components["schemas"]["GuildDetail"];

/** The guild with the version that a change has to name. */
export type Versioned = { guild: GuildDetail; etag: string };

const path = "/guilds/{guildId}" as const;

function versioned(guild: GuildDetail | undefined, response: Response): Versioned {
  if (!guild) throw new Error("read settings: the answer has no body");
  return { guild, etag: response.headers.get("etag") ?? "" };
}

/** Read for editing: not stored, and not asked again under the hands of whoever edits. */
export const settingsQuery = (guildId: string) =>
  queryOptions<Versioned, ApiError>({
    queryKey: ["get", path, { params: { path: { guildId } } }, "versioned"],
    queryFn: async ({ signal }) => {
      const { data, response } = await api.GET(path, { params: { path: { guildId } }, signal });
      return versioned(data, response);
    },
    meta: { persist: false },
    staleTime: 0,
    refetchOnWindowFocus: false,
  });

/** Replaces the settings if they are still the version of `etag`; else it fails with `precondition_failed`. */
export async function saveSettings(guildId: string, settings: Settings, etag: string): Promise<Versioned> {
  const { data, response } = await api.PUT("/guilds/{guildId}/settings", {
    params: { path: { guildId }, header: { "If-Match": etag } },
    body: settings,
  });
  return versioned(data, response);
}

export const rolesQuery = (guildId: string) => readAll("/guilds/{guildId}/roles", { path: { guildId } });
