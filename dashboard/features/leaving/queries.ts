import { read } from "@/lib/read";
import type { components } from "@/lib/schema";

export type PersonalData = components["schemas"]["PersonalData"];
export type Farewell = components["schemas"]["Farewell"];
export type GuildDeletion = components["schemas"]["GuildDeletion"];

/** What the document holds is shown and not kept in the browser. */
export const myDataQuery = { ...read("/auth/me/data", {}), meta: { persist: false } };

export const deletionQuery = (guildId: string) => read("/guilds/{guildId}/deletion", { params: { path: { guildId } } });
