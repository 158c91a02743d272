const DAY = 86_400_000;
const HOUR = 3_600_000;

/** What keys and links may last. A year is the most the API gives. */
export const LIFETIMES = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "180", label: "180 days" },
  { value: "365", label: "1 year" },
] as const;

export type Lifetime = (typeof LIFETIMES)[number]["value"];

/** When something that lasts so many days from now expires. A year ends an hour early: clocks differ. */
export function expiryOf(days: Lifetime, now: number): string {
  return new Date(now + Number(days) * DAY - (days === "365" ? HOUR : 0)).toISOString();
}

/** Whether it ends within the next week, so that somebody should look after it. */
export function endsSoon(expiresAt: string, now: number): boolean {
  return Date.parse(expiresAt) - now < 7 * DAY;
}
