import type { components } from "@/lib/schema";

type GuildDetail = components["schemas"]["GuildDetail"];

export type Quota = {
  id: string;
  label: string;
  used: number;
  limit: number;
  /** When it is empty again, RFC 3339; null for what is freed by removing. */
  resetsAt: string | null;
};

/** What the plan counts: standing things, and announcements of the UTC day. */
export function quotas(guild: Pick<GuildDetail, "counts" | "limits">, sentToday: number, now: number): Quota[] {
  const { counts, limits } = guild;
  return [
    { id: "accounts", label: "Accounts", used: counts.accounts, limit: limits.accounts, resetsAt: null },
    { id: "brands", label: "Brands", used: counts.brands, limit: limits.brands, resetsAt: null },
    {
      id: "notifications",
      label: "Announcements today",
      used: sentToday,
      limit: limits.notificationsPerDay,
      resetsAt: nextUtcDay(now),
    },
  ];
}

function nextUtcDay(now: number): string {
  const day = new Date(now);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 1)).toISOString();
}
