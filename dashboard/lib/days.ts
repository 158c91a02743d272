/** "Nov 23" of a time or a day, for axes; a day is by UTC unless a zone is named. */
export function shortDay(at: string, locale: string, timeZone = "UTC"): string {
  return new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone }).format(new Date(at));
}
