import { read } from "@/lib/read";

export const planQuery = (guildId: string) => read("/guilds/{guildId}/plan", { params: { path: { guildId } } });
