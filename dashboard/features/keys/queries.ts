import { readAll } from "@/lib/read-all";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type ApiKeyCreate = Schemas["ApiKeyCreate"];
export type ApiKeyCreated = Schemas["ApiKeyCreated"];

export const keysQuery = (guildId: string) => readAll("/guilds/{guildId}/api-keys", { path: { guildId } });
