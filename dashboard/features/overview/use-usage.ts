"use client";

import { usageQuery } from "@/features/guilds/queries";
import { useQuery } from "@/lib/query/use-query";

/** The use of the last 30 days, which is what the API gives when it is not told a period. */
export function useUsage(guildId: string) {
  return useQuery(usageQuery(guildId, {}));
}
