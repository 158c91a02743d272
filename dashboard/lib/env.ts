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

const secret = z.string().refine((value) => Buffer.byteLength(value) >= 32, "each secret must have at least 32 bytes");

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
  /** Shared with the API: the first vouches to it for the addresses of browsers. The API takes several at a time. */
  CLIENT_ADDRESS_SECRET: z.string().default("").transform(list).pipe(z.array(secret)),
  /** The header in which this server's platform or proxy tells the browser's address, and which browsers cannot set. */
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be the name of a header such as cf-connecting-ip")
    .transform((value) => value.toLowerCase())
    .optional(),
  /** Origins of images beside https, such as a simulator's. */
  IMAGE_ORIGINS: z.string().default("").transform(list).pipe(z.array(origin)),
  /** Where a manager adds the bot to another server; without it the dashboard does not offer to. */
  BOT_INVITE_URL: z.url({ protocol: /^https?$/ }).optional(),
});

/** What may stand in a file that NAME_FILE names instead. */
const secrets = ["SESSION_KEYS", "CLIENT_ADDRESS_SECRET"];

export type Env = Omit<z.output<typeof shape>, "API_PUBLIC_URL"> & { API_PUBLIC_URL: string; secure: boolean };

/** Reads and checks the variables; the error names every one that is wrong, never its value. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  for (const name of secrets) {
    const file = given[`${name}_FILE`];
    if (file !== undefined && given[name] === undefined) {
      given[name] = readFileSync(file, "utf8").trim();
    }
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
