"use client";

import { useQuery } from "@tanstack/react-query";
import { usageQuery } from "@/features/guilds/queries";

/** The use of the last 30 days, which is what the API gives when it is not told a period. */
export function useUsage(guildId: string) {
  return useQuery(usageQuery(guildId, {}));
}
