import "server-only";
import { deflateRawSync, inflateRawSync } from "node:zlib";

// An access token names up to 20 guilds and is then about 3.4 kB, which sealed would not fit a cookie. Most of it is
// JSON in base64, so that goes into the cookie inflated by one layer less: the bytes of header and claims, deflated,
// beside the signature. Unpacking gives the token back byte for byte.

const canonical = (part: string) => Buffer.from(part, "base64url").toString("base64url") === part;
const longest = 64 * 1024;

export type PackedToken = { body: string; signature: string } | { plain: string };

export function packToken(token: string): PackedToken {
  const [header, claims, signature, ...rest] = token.split(".");
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) {
    return { plain: token };
  }
  if (!canonical(header) || !canonical(claims)) {
    return { plain: token };
  }
  const head = Buffer.from(header, "base64url");
  const size = Buffer.alloc(2);
  size.writeUInt16BE(head.length);
  const body = deflateRawSync(Buffer.concat([size, head, Buffer.from(claims, "base64url")]), { level: 9 });
  return { body: body.toString("base64url"), signature };
}

export function unpackToken(packed: PackedToken): string {
  if ("plain" in packed) {
    return packed.plain;
  }
  const raw = inflateRawSync(Buffer.from(packed.body, "base64url"), { maxOutputLength: longest });
  const end = 2 + raw.readUInt16BE();
  return `${raw.subarray(2, end).toString("base64url")}.${raw.subarray(end).toString("base64url")}.${packed.signature}`;
}

/** What the dashboard reads in an access token. The API checks its signature; here it comes out of our own seal. */
export type Claims = { sub: string; username: string; sid: string };

export function claimsOf(token: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    if (typeof claims !== "object" || claims === null) {
      return undefined;
    }
    const { sub, username, sid } = claims as Record<string, unknown>;
    const whole = typeof sub === "string" && typeof username === "string" && typeof sid === "string";
    return whole ? { sub, username, sid } : undefined;
  } catch {
    return undefined;
  }
}
