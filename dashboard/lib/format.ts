// Words for numbers and times. Everything takes the locale and the moment it is asked, so that the same input gives the
// same text in a test, on the server and in the browser.

/** What stands where there is nothing to show. A counter that a platform does not offer is never 0. */
export const NONE = "–";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cached = <T>(make: (key: string) => T) => {
  const made = new Map<string, T>();
  return (key: string): T => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
};

const plain = cached((locale) => new Intl.NumberFormat(locale));
const short = cached((locale) => new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }));
const signedPlain = cached((locale) => new Intl.NumberFormat(locale, { signDisplay: "exceptZero" }));
const signedPercent = cached(
  (locale) => new Intl.NumberFormat(locale, { style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 1 }),
);
const relative = cached((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }));
// "Next month" says less than "in 1 month": it may be tomorrow.
const counted = cached((locale) => new Intl.RelativeTimeFormat(locale, { style: "short" }));

type Moment = string | number | Date | null | undefined;

/** Milliseconds since the epoch, or null for nothing and for what is no time. */
export function millis(at: Moment): number | null {
  if (at === null || at === undefined || at === "") return null;
  const value = at instanceof Date ? at.getTime() : typeof at === "number" ? at : Date.parse(at);
  return Number.isFinite(value) ? value : null;
}

/** 12,345 as the locale writes it. */
export function number(value: number | null | undefined, locale = "en"): string {
  return value === null || value === undefined ? NONE : plain(locale).format(value);
}

/** 12.3K; whole below a thousand. */
export function compact(value: number | null | undefined, locale = "en"): string {
  return value === null || value === undefined ? NONE : short(locale).format(value);
}

/** +12, −3, 0. */
export function signed(value: number | null | undefined, locale = "en"): string {
  return value === null || value === undefined ? NONE : signedPlain(locale).format(value);
}

/** The change from one period to the next as a share of the first; null when there is nothing to compare with. */
export function change(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now === null || now === undefined || !before) return null;
  return (now - before) / before;
}

/** +12.5%, from a share. */
export function signedShare(share: number | null | undefined, locale = "en"): string {
  return share === null || share === undefined ? NONE : signedPercent(locale).format(share);
}

/** "3 min. ago", "in 2 hr."; below half a minute "now". */
export function relativeTime(at: Moment, now: number, locale = "en"): string {
  const time = millis(at);
  if (time === null) return NONE;
  const apart = time - now;
  const size = Math.abs(apart);
  const words = relative(locale);
  if (size < MINUTE / 2) return words.format(0, "second");
  if (size < HOUR - MINUTE / 2) return words.format(Math.round(apart / MINUTE), "minute");
  if (size < DAY - HOUR / 2) return words.format(Math.round(apart / HOUR), "hour");
  if (size < 45 * DAY) return words.format(Math.round(apart / DAY), "day");
  if (size < 365 * DAY) return counted(locale).format(Math.round(apart / (30 * DAY)), "month");
  return counted(locale).format(Math.round(apart / (365 * DAY)), "year");
}

/** Date and time to the second with the zone: what stands behind a relative time. */
export function exactTime(at: Moment, locale = "en", timeZone?: string): string {
  const time = millis(at);
  if (time === null) return NONE;
  return new Intl.DateTimeFormat(locale, {
    ...{ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    ...{ timeZoneName: "short", timeZone },
  }).format(time);
}

/** "22 Nov 2026". */
export function date(at: Moment, locale = "en", timeZone?: string): string {
  const time = millis(at);
  if (time === null) return NONE;
  return new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone }).format(time);
}

/** "12:03" on the same day, "22 Nov, 12:03" before it: for "as of". */
export function asOf(at: Moment, now: number, locale = "en", timeZone?: string): string {
  const time = millis(at);
  if (time === null) return NONE;
  const clock = { hour: "2-digit", minute: "2-digit", timeZone } as const;
  if (date(time, "en", timeZone) === date(now, "en", timeZone)) {
    return new Intl.DateTimeFormat(locale, clock).format(time);
  }
  return new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", ...clock }).format(time);
}

/** "4 min", "2 h 5 min", "3 d": how long something took or has lasted. */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return NONE;
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} d`;
}
