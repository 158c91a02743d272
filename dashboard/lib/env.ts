import "server-only";
import { readFileSync } from "node:fs";
import { z } from "zod";

// The environment, checked once. Everything here stays on the server: nothing has the prefix NEXT_PUBLIC_.

const address = z
  .url({ protocol: /^https?$/ })
  .refine((value) => !/[?#@]/.test(value), "must be an address without user, query and fragment")
  .transform((value) => value.replace(/\/+$/, ""));

const origin = address.refine((value) => new URL(value).origin === value, "must be an origin such as https://host");

const key = z
  .string()
  .transform((value) => Buffer.from(value, "base64"))
  .refine((value) => value.length === 32, "each key must be 32 bytes in base64");

const list = (value: string) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const shape = z.object({
  /** Where browsers reach this dashboard, which the API calls DASHBOARD_URL too. */
  DASHBOARD_URL: origin,
  /** Where this server reaches the API, without /api/v1. */
  API_URL: address,
  /** Where browsers reach the API for the sign-in, when that is elsewhere. */
  API_PUBLIC_URL: address.optional(),
  /** Seal the session cookie. The first seals, all open: a new key goes to the end first, then to the front. */
  SESSION_KEYS: z.string().transform(list).pipe(z.array(key).min(1)),
  /** Origins of images beside https, such as a simulator's. */
  IMAGE_ORIGINS: z.string().default("").transform(list).pipe(z.array(origin)),
  /** Where a manager adds the bot to another server; without it the dashboard does not offer to. */
  BOT_INVITE_URL: z.url({ protocol: /^https?$/ }).optional(),
});

export type Env = Omit<z.output<typeof shape>, "API_PUBLIC_URL"> & { API_PUBLIC_URL: string; secure: boolean };

/** Reads and checks the variables; the error names every one that is wrong, never its value. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const file = given.SESSION_KEYS_FILE;
  if (file !== undefined && given.SESSION_KEYS === undefined) {
    given.SESSION_KEYS = readFileSync(file, "utf8").trim();
  }
  const parsed = shape.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
    throw new Error(`The environment of the dashboard has faults:\n  ${[...new Set(faults)].join("\n  ")}`);
  }
  const values = parsed.data;
  return {
    ...values,
    API_PUBLIC_URL: values.API_PUBLIC_URL ?? values.API_URL,
    secure: values.DASHBOARD_URL.startsWith("https:"),
  };
}

let checked: Env | undefined;

/** The environment of this process. It is read on first use, because a build has none. */
export function env(): Env {
  checked ??= readEnv(process.env);
  return checked;
}
