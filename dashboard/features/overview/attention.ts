import type { Route } from "next";
import { guildHref } from "@/components/shell/navigation";
import type { Tone } from "@/components/ui/badge";
import { sentence } from "@/features/guilds/reason";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Item = {
  id: string;
  tone: Extract<Tone, "danger" | "warning" | "info">;
  title: string;
  detail?: string;
  /** When it began. */
  since?: string | null;
  href?: Route;
};

export type Known = {
  guild: Pick<Schemas["GuildDetail"], "id" | "counts" | "limits" | "settings" | "attention" | "suspension">;
  status?: Schemas["GuildStatus"];
  accounts?: readonly Schemas["Account"][];
  posts?: readonly Schemas["Post"][];
  /** Notifications sent today. */
  sentToday?: number;
};

/** Seconds after which a queue that does not move is worth a word. */
const SLOW = 600;

/** What a manager should look at, worst first. Each names what it is about and leads there where a page exists. */
export function attention(known: Known): Item[] {
  return [
    ...suspension(known),
    ...plans(known),
    ...outages(known),
    ...accounts(known),
    ...deliveries(known),
    ...limits(known),
    ...grace(known),
    ...settings(known),
  ].sort((a, b) => rank[a.tone] - rank[b.tone]);
}

const rank = { danger: 0, warning: 1, info: 2 };

const planned: Partial<Record<Schemas["Concern"], Pick<Item, "title" | "detail"> & { path: string }>> = {
  deletion_scheduled: {
    title: "Everything of this server will be deleted",
    detail: "Those who manage it can undo that.",
    path: "/data",
  },
  audit_broken: {
    title: "The audit log was tampered with",
    detail: "An entry was altered, taken out or put in. Tell who runs this Trackbot.",
    path: "/audit",
  },
};

function suspension({ guild }: Known): Item[] {
  if (!guild.suspension) return [];
  const { reason, since } = guild.suspension;
  return [{ id: "suspended", tone: "danger", title: "This server is suspended", detail: sentence(reason), since }];
}

function plans({ guild }: Known): Item[] {
  return guild.attention.flatMap(({ kind, since }) => {
    const words = planned[kind];
    if (!words) return [];
    const { title, detail, path } = words;
    return { id: kind, tone: "danger", title, detail, since, href: guildHref(guild.id, path) };
  });
}

function outages({ status }: Known): Item[] {
  if (!status) return [];
  const items: Item[] = [];
  const { bot, queue } = status;
  if (bot.status === "offline") {
    items.push({
      id: "bot",
      tone: "danger",
      title: "The bot is offline",
      detail: "Slash commands do not answer.",
      since: bot.lastHeartbeat,
    });
  }
  if (bot.status === "degraded") {
    items.push({
      id: "bot",
      tone: "warning",
      title: "The bot is degraded",
      detail: "Some servers may wait for it.",
      since: bot.lastHeartbeat,
    });
  }
  for (const [name, words] of [
    ["notify", "Announcements wait"],
    ["poll", "Polls are late"],
  ] as const) {
    const { depth, oldestSeconds } = queue[name];
    if (oldestSeconds < SLOW) continue;
    items.push({
      id: name,
      tone: "warning",
      title: words,
      detail: `${depth} due, the oldest for ${Math.round(oldestSeconds / 60)} min.`,
    });
  }
  return items;
}

const states: Partial<Record<Schemas["AccountState"], { tone: Item["tone"]; words: string }>> = {
  failing: { tone: "danger", words: "cannot be read" },
  gone: { tone: "danger", words: "is gone at the platform" },
  paused_by_plan: { tone: "warning", words: "is paused by the plan" },
};

/** How many accounts of one state are named. */
const NAMED = 5;

function accounts({ accounts = [], guild }: Known): Item[] {
  const named = new Map<string, number>();
  return accounts.flatMap((account) => {
    const state = states[account.state];
    const before = named.get(account.state) ?? 0;
    if (!state || before === NAMED) return [];
    named.set(account.state, before + 1);
    return {
      id: account.id,
      tone: state.tone,
      title: `${account.displayName ?? account.handle} ${state.words}`,
      detail: account.stateReason ?? undefined,
      since: account.stateSince,
      href: guildHref(guild.id, `/tracking/accounts?q=${encodeURIComponent(account.handle)}`),
    };
  });
}

function deliveries({ posts = [], guild }: Known): Item[] {
  return posts
    .filter((post) => post.delivery.state === "dead" || post.delivery.state === "retry")
    .map((post) => ({
      id: post.id,
      tone: post.delivery.state === "dead" ? "danger" : "warning",
      title: post.delivery.state === "dead" ? "A post was not delivered" : "A post is being tried again",
      detail: post.delivery.reason ?? post.title ?? undefined,
      since: post.firstSeenAt,
      href: guildHref(guild.id, `/tracking/posts/${post.id}`),
    }));
}

function limits({ guild, sentToday }: Known): Item[] {
  const used = [
    ["accounts", guild.counts.accounts, guild.limits.accounts, "accounts"],
    ["brands", guild.counts.brands, guild.limits.brands, "brands"],
    ["notifications", sentToday ?? 0, guild.limits.notificationsPerDay, "notifications today"],
  ] as const;
  return used
    .filter(([, now, limit]) => limit > 0 && now >= limit * 0.8)
    .map(([id, now, limit, what]) => ({
      id: `limit-${id}`,
      tone: now >= limit ? "danger" : "warning",
      title: now >= limit ? `The plan's limit of ${what} is reached` : `Most of the plan's ${what} are used`,
      detail: `${now} of ${limit}`,
      href: guildHref(guild.id, "/plan"),
    }));
}

function grace({ guild }: Known): Item[] {
  const count = guild.attention.find(({ kind }) => kind === "plan_grace")?.count ?? 0;
  if (count === 0) return [];
  return [
    {
      id: "grace",
      tone: "warning",
      title: `${count === 1 ? "1 account" : `${count} accounts`} will be paused`,
      detail: "The plan became smaller; its grace runs.",
      href: guildHref(guild.id, "/plan"),
    },
  ];
}

function settings({ guild }: Known): Item[] {
  const items: Item[] = [];
  if (!guild.settings.notificationsEnabled) {
    items.push({
      id: "off",
      tone: "info",
      title: "Announcements are switched off",
      detail: "Posts are stored, not sent.",
      href: guildHref(guild.id, "/settings"),
    });
  }
  if (guild.settings.defaultChannelId === null && guild.counts.accounts > 0) {
    items.push({
      id: "channel",
      tone: "warning",
      title: "No channel for announcements",
      detail: "Choose one in the settings.",
      href: guildHref(guild.id, "/settings"),
    });
  }
  return items;
}
