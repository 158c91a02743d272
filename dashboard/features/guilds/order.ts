import type { Guild } from "./queries";

/** Those whose name holds every word of the search; the visited last first, the others by name. */
export function listed(guilds: readonly Guild[], search: string, recent: readonly string[]): Guild[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const rank = (guild: Guild) => {
    const place = recent.indexOf(guild.id);
    return place < 0 ? recent.length : place;
  };
  return guilds
    .filter((guild) => words.every((word) => guild.name.toLocaleLowerCase().includes(word)))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
