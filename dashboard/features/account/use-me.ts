"use client";

import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";
import { meQuery } from "./queries";

/** Who is signed in; undefined until it is known. */
export function useMe(): components["schemas"]["Me"] | undefined {
  return useQuery({ ...meQuery, staleTime: 300_000 }).data;
}
