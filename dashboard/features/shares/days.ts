const HOUR = 3_600_000;

/**
 * The calendar day that begins at a moment somewhere on earth. The card does not tell its zone, but its days begin at
 * midnight there: thirteen hours on it is that day in UTC too, from UTC−10 to UTC+13.
 */
export function dayOf(start: string): Date {
  return new Date(Date.parse(start) + 13 * HOUR);
}

const words = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const weekday = words({ weekday: "short" });
const whole = words({ day: "numeric", month: "long" });
const withYear = words({ day: "numeric", month: "long", year: "numeric" });

export const weekdayOf = (start: string) => weekday.format(dayOf(start));
export const dateOf = (start: string) => whole.format(dayOf(start));

/** "15 November to 21 November 2026", of a period that ends with the midnight before `to`. */
export function periodOf({ from, to }: { from: string; to: string }): string {
  const last = new Date(dayOf(to).getTime() - 24 * HOUR);
  return `${dateOf(from)} to ${withYear.format(last)}`;
}

export const exactDate = (at: string) => withYear.format(new Date(at));

/** The day of a moment within the period. */
export const dateIn = (at: string) => whole.format(new Date(at));

/** Only addresses of the web become links: others would run in the reader's browser. */
export const webAddress = (url: string) => (/^https?:\/\//i.test(url) ? url : undefined);
