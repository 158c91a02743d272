import type { Settings } from "./queries";

export type Key = keyof Settings;

export const labels: Record<Key, string> = {
  notificationsEnabled: "Announcements",
  defaultChannelId: "Default channel",
  mentionRoleId: "Mentioned role",
  digest: "Digest",
  quietHours: "Quiet hours",
  breakoutFactor: "Breakout alert",
  weeklyScorecard: "Weekly scorecard",
  embedColor: "Colour of messages",
  timezone: "Time zone",
  locale: "Language and region",
  dashboardAccess: "Who may read the dashboard",
};

const keys = Object.keys(labels) as Key[];
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The fields in which two settings differ, in the order of the page. */
export function changed(before: Settings, after: Settings): Key[] {
  return keys.filter((key) => !same(before[key], after[key]));
}

/** What somebody else changed since `base` to something else than `mine`. */
export function conflicts(base: Settings, mine: Settings, theirs: Settings): Key[] {
  return changed(base, theirs).filter((key) => !same(mine[key], theirs[key]));
}

/** Mine over theirs: what I did not touch is theirs. */
export function merged(base: Settings, mine: Settings, theirs: Settings): Settings {
  return Object.fromEntries(keys.map((key) => [key, same(base[key], mine[key]) ? theirs[key] : mine[key]])) as Settings;
}

/** What is wrong with the values before they are sent; the API has the last word. */
export function faults(settings: Settings): Partial<Record<Key, string>> {
  const found: Partial<Record<Key, string>> = {};
  const { breakoutFactor: factor, quietHours, embedColor, locale } = settings;
  if (factor !== null && !(factor >= 2 && factor <= 20)) found.breakoutFactor = "Choose a factor from 2 to 20.";
  if (quietHours && quietHours.start === quietHours.end) found.quietHours = "Begin and end must differ.";
  if (quietHours && !(quietHours.start && quietHours.end)) found.quietHours = "Set both times.";
  if (!/^#[0-9a-f]{6}$/i.test(embedColor)) found.embedColor = "Write it as # and six digits, such as #5865f2.";
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale)) found.locale = "Write it as en or en-GB.";
  return found;
}
