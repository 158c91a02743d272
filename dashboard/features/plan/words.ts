import { duration, number } from "@/lib/format";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];
type Limits = Schemas["Limits"];

/** What a plan limits, in the words of the page: the same rows for one plan and for all beside each other. */
export const limitRows: readonly {
  key: keyof Limits;
  label: string;
  show: (value: number, locale: string) => string;
}[] = [
  { key: "accounts", label: "Accounts", show: number },
  { key: "brands", label: "Brands", show: number },
  { key: "notificationsPerDay", label: "Announcements a day", show: number },
  { key: "minPollIntervalSeconds", label: "Polled at most every", show: (value) => duration(value * 1000) },
  { key: "historyDays", label: "History kept", show: (value, locale) => `${number(value, locale)} days` },
  { key: "exportRows", label: "Rows in an export", show: number },
  { key: "requestsPerMinute", label: "API requests a minute", show: number },
];

export const quotaLabel: Record<Schemas["QuotaName"], string> = {
  accounts: "Accounts",
  brands: "Brands",
  notificationsPerDay: "Announcements today",
  exportRows: "Rows of the largest export",
  requestsPerMinute: "API requests",
};

/** What frees a quota that does not start anew by itself. */
export const quotaFreed: Record<Schemas["QuotaName"], string> = {
  accounts: "Freed by removing accounts",
  brands: "Freed by removing brands",
  notificationsPerDay: "Starts anew at midnight UTC",
  exportRows: "Counts for each export by itself",
  requestsPerMinute: "All of them are free",
};

const sources: Record<Schemas["PlanSource"], string | null> = {
  default: null,
  operator: "set by Trackbot’s team",
  stripe: "paid by card",
  discord: "bought at Discord",
};

/** Where the plan comes from, null for the one that everybody has. */
export const sourceWords = (source: Schemas["PlanSource"]): string | null => sources[source];

/** What the end of a grace takes away besides accounts: the history beyond what the new plan keeps, if it keeps less. */
export function historyLost(plan: Pick<Schemas["GuildPlan"], "tier" | "limits" | "plans">): number | null {
  const next = plan.plans.find(({ tier }) => tier === plan.tier)?.limits.historyDays;
  return next !== undefined && next < plan.limits.historyDays ? next : null;
}

/** "3 accounts", "1 account". */
export const counted = (count: number, one: string, locale?: string): string =>
  `${number(count, locale)} ${count === 1 ? one : `${one}s`}`;
