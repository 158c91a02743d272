import type { Tone } from "@/components/ui/badge";
import type { components } from "@/lib/schema";

export type BotStatus = components["schemas"]["BotStatus"];

const tones: Record<BotStatus, Tone> = {
  online: "success",
  degraded: "warning",
  offline: "danger",
  unknown: "neutral",
};
const labels: Record<BotStatus, string> = {
  online: "Online",
  degraded: "Degraded",
  offline: "Offline",
  unknown: "Not seen yet",
};

export const botTone = (status: BotStatus): Tone => tones[status];
export const botLabel = (status: BotStatus): string => labels[status];
