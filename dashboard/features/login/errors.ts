import type { components } from "@/lib/schema";

export type LoginError = components["schemas"]["LoginError"];

const words: Record<LoginError, { title: string; advice: string }> = {
  access_denied: {
    title: "You cancelled at Discord",
    advice: "Nothing was shared. Sign in again when you like.",
  },
  invalid_state: {
    title: "This sign-in did not begin here",
    advice: "It was opened in another browser or twice. Begin again from this page.",
  },
  expired: {
    title: "That took too long",
    advice: "A sign-in has to be finished within ten minutes. Begin again.",
  },
  no_guilds: {
    title: "You are in no server that uses Trackbot",
    advice: "Ask a manager of your server to add the bot, or check that you chose the right Discord account.",
  },
  discord_unavailable: {
    title: "Discord does not answer",
    advice: "It is not you. Try again in a few minutes.",
  },
  rate_limited: {
    title: "Too many tries",
    advice: "Wait a quarter of an hour, then sign in again.",
  },
  internal: {
    title: "Signing in did not work",
    advice: "Something went wrong on our side. Try again in a moment.",
  },
};

/** What an error code in the address means, in plain words; a code that nobody knows is told like `internal`. */
export function loginError(code: string | undefined): { title: string; advice: string } | undefined {
  if (code === undefined || code === "") return undefined;
  return Object.hasOwn(words, code) ? words[code as LoginError] : words.internal;
}
