import { read } from "@/lib/read";
import type { components } from "@/lib/schema";

export type PersonalData = components["schemas"]["PersonalData"];
export type Farewell = components["schemas"]["Farewell"];
export type GuildDeletion = components["schemas"]["GuildDeletion"];

export const myDataQuery = read("/auth/me/data", {});

export const deletionQuery = (guildId: string) => read("/guilds/{guildId}/deletion", { params: { path: { guildId } } });
