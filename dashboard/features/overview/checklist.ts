import type { components } from "@/lib/schema";

type GuildDetail = components["schemas"]["GuildDetail"];

export type Step = {
  id: "bot" | "channel" | "brand" | "account" | "delivery";
  title: string;
  /** What to do while it is open. */
  advice: string;
  /** Where it is done, below the guild. */
  path?: string;
  done: boolean;
};

export type Known = {
  guild: Pick<GuildDetail, "bot" | "counts" | "settings">;
  /** Whether anything was ever announced; undefined while it is not known. */
  delivered: boolean | undefined;
};

/** The way of a new server to its first message, in order. */
export function checklist({ guild, delivered }: Known): Step[] {
  return [
    {
      id: "bot",
      title: "Add the bot to the server",
      advice: "It joined, but has not reported yet. That takes up to a minute.",
      done: guild.bot.status !== "unknown",
    },
    {
      id: "channel",
      title: "Choose the channel for announcements",
      advice: "In the settings, or by /channel set in the Discord channel where new posts shall appear.",
      path: "/settings",
      done: guild.settings.defaultChannelId !== null,
    },
    {
      id: "brand",
      title: "Add a brand",
      advice: "Accounts are arranged by brand or client. Add one with the first account, or by /brand add in Discord.",
      path: "/tracking/accounts",
      done: guild.counts.brands > 0,
    },
    {
      id: "account",
      title: "Follow the first account",
      advice: "A feed, a Bluesky or Mastodon name or a YouTube channel, here or by /track add in Discord.",
      path: "/tracking/accounts",
      done: guild.counts.accounts > 0,
    },
    {
      id: "delivery",
      title: "See the first post arrive",
      advice: "Posts from before are stored, not announced. The next new one appears in your channel.",
      done: delivered ?? false,
    },
  ];
}

/** A server that is set up needs no list; neither does one of which too little is known. */
export function isOnboarding(steps: readonly Step[], { delivered }: Known): boolean {
  return delivered !== undefined && steps.some((step) => !step.done);
}
