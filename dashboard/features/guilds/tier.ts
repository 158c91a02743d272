import type { components } from "@/lib/schema";

type Tier = components["schemas"]["Tier"];

const labels: Record<Tier, string> = { free: "Free", pro: "Pro", enterprise: "Enterprise" };

export const tierLabel = (tier: Tier): string => labels[tier];
