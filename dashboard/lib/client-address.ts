import "server-only";
import { createHmac } from "node:crypto";
import { isIP } from "node:net";
import { env } from "@/lib/env";

/** The header by which this server vouches to the API for the address of the browser behind a call. */
export const clientHeader = "x-trackbot-client";

/** An address of a header: with a port or in brackets, as some platforms write it, or bare. */
function addressOf(value: string): string | undefined {
  const bare = value
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, "$1")
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, "$1");
  return isIP(bare) === 0 ? undefined : bare;
}

/**
 * The browser's address by the word of whatever stands nearest: the platform's own header (CLIENT_ADDRESS_HEADER), else
 * the last hop of X-Forwarded-For, which Vercel sets itself and lib/forwarded.ts elsewhere. What stands left of it is
 * the browser's own word.
 */
export function clientAddress(from: Headers): string | undefined {
  const hops = (from.get(env().CLIENT_ADDRESS_HEADER ?? "x-forwarded-for") ?? "").split(",");
  return addressOf(hops.at(-1) ?? "");
}

/** The header's value for the API; undefined without a shared secret or an address. The secret itself is never sent. */
export function vouchedClient(from: Headers, now: () => number = Date.now): string | undefined {
  const [secret] = env().CLIENT_ADDRESS_SECRET;
  const address = clientAddress(from);
  if (secret === undefined || address === undefined) {
    return undefined;
  }
  const seconds = Math.floor(now() / 1000);
  const signature = createHmac("sha256", secret).update(`TBC1\n${seconds}\n${address}`).digest("base64url");
  return `v1;${seconds};${address};${signature}`;
}
