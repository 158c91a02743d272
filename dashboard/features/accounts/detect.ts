import type { components } from "@/lib/schema";

type Choice = components["schemas"]["PlatformChoice"];

/** What a person typed, as the API takes it: an address finds its platform by itself, a bare name needs one. */
export type Detected = { handle: string } | { url: string } | { fault: string };

const ADDRESS = /^(https?:\/\/|feed:|at:\/\/|did:)|\//i;
const DOMAIN = /^@?[\w-]+(\.[\w-]+)+$/;
const FEDIVERSE = /^@?[\w.-]+@[\w-]+(\.[\w-]+)+(:\d+)?$/;

export function detect(input: string, platform: Choice): Detected {
  const text = input.trim();
  if (text === "") return { fault: "Paste an address or a handle." };
  if (/\s/.test(text)) return { fault: "An address or handle has no spaces." };
  if (platform !== "auto") return ADDRESS.test(text) ? { url: text } : { handle: text };
  if (ADDRESS.test(text) || DOMAIN.test(text) || FEDIVERSE.test(text) || /^UC[\w-]{22}$/.test(text))
    return { url: text };
  return { fault: "A name alone could be anybody's. Choose the platform, or paste the address of the profile." };
}
