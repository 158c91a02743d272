import { readAll } from "@/lib/read-all";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Share = Schemas["Share"];
export type ShareCreate = Schemas["ShareCreate"];
export type ShareCreated = Schemas["ShareCreated"];
export type Scorecard = Schemas["Scorecard"];

export const sharesQuery = (guildId: string) => readAll("/guilds/{guildId}/shares", { path: { guildId } });
