import type { Route } from "next";
import {
  BadgeCheck,
  ChartNoAxesCombined,
  Database,
  FileDown,
  Gauge,
  House,
  type Icon,
  KeyRound,
  LayoutGrid,
  MonitorSmartphone,
  Newspaper,
  ScrollText,
  Settings,
  Share2,
  Signpost,
  UserRoundCog,
  Users,
} from "@/components/ui/icons";

export type Entry = {
  label: string;
  /** Below `/guilds/{id}` for a guild's pages, from the root for the others. */
  path: string;
  icon: Icon;
  /** Pressed after "g" it leads there. */
  key: string;
  /** Words that find it in the palette besides its label. */
  words?: string;
  /** Stands in the bar at the bottom of a phone. */
  bar?: boolean;
  /** Only who may change the guild sees it. */
  manage?: boolean;
};

export type Section = { label: string | null; entries: readonly Entry[] };

/** The pages of a guild, in the order of the sidebar. A page that is not built has no line here. */
export const guildSections: readonly Section[] = [
  {
    label: null,
    entries: [{ label: "Overview", path: "", icon: House, key: "o", words: "home status health", bar: true }],
  },
  {
    label: "Tracking",
    entries: [
      {
        label: "Accounts",
        path: "/tracking/accounts",
        icon: Users,
        key: "a",
        words: "sources feeds channels",
        bar: true,
      },
      { label: "Posts", path: "/tracking/posts", icon: Newspaper, key: "p", words: "content gallery", bar: true },
      {
        label: "Analytics",
        path: "/analytics",
        icon: ChartNoAxesCombined,
        key: "n",
        words: "charts performance",
        bar: true,
      },
    ],
  },
  {
    label: "Server",
    entries: [
      { label: "Routes", path: "/routes", icon: Signpost, key: "r", words: "channel filter mention template" },
      { label: "Shares", path: "/shares", icon: Share2, key: "h", words: "scorecard link public client" },
      { label: "Exports", path: "/exports", icon: FileDown, key: "x", words: "download csv excel file" },
      { label: "Audit log", path: "/audit", icon: ScrollText, key: "l", words: "history changes who", manage: true },
      { label: "Usage", path: "/usage", icon: Gauge, key: "u", words: "metering quota polls", bar: true },
      { label: "Plan", path: "/plan", icon: BadgeCheck, key: "b", words: "tier upgrade billing limits grace buy" },
      { label: "Settings", path: "/settings", icon: Settings, key: "e", words: "configuration channel digest quiet" },
      { label: "API keys", path: "/keys", icon: KeyRound, key: "k", words: "token program curl", manage: true },
      {
        label: "Data",
        path: "/data",
        icon: Database,
        key: "t",
        words: "archive delete erase everything leave",
        manage: true,
      },
    ],
  },
];

/** The pages that belong to no guild. */
export const personalEntries: readonly Entry[] = [
  { label: "Servers", path: "/", icon: LayoutGrid, key: "s", words: "guilds tenants switch", bar: true },
  {
    label: "Sessions",
    path: "/account/sessions",
    icon: MonitorSmartphone,
    key: "d",
    words: "devices sign out",
    bar: true,
  },
  { label: "Your data", path: "/account/data", icon: UserRoundCog, key: "y", words: "privacy delete account export" },
];

export function guildHref(guildId: string, path = ""): Route {
  return `/guilds/${guildId}${path}` as Route;
}

/** The sections a user sees; a section without entries is none. */
export function visibleSections(canManage: boolean): Section[] {
  return guildSections
    .map((section) => ({ ...section, entries: section.entries.filter((entry) => !entry.manage || canManage) }))
    .filter((section) => section.entries.length > 0);
}

/** Whether the entry is where the user is; pages below an entry count as it, but for the root of the guild. */
export function isCurrent(entry: Entry, pathname: string, root: string): boolean {
  const here = pathname.replace(/\/$/, "");
  const target = `${root}${entry.path}`.replace(/\/$/, "");
  if (here === target) return true;
  return entry.path !== "" && entry.path !== "/" && here.startsWith(`${target}/`);
}
