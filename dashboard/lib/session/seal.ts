import "server-only";
import { createHash } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";

/** Names a key without telling it. */
function idOf(key: Uint8Array): string {
  return createHash("sha256").update("trackbot dashboard key id").update(key).digest("base64url").slice(0, 8);
}

/** Seals with A256GCM under the first of the keys and opens what any of them has sealed for the same purpose. */
export class Sealer {
  readonly #keys: readonly { id: string; key: Uint8Array }[];

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = keys.map((key) => ({ id: idOf(key), key: new Uint8Array(key) }));
  }

  async seal(purpose: string, content: Uint8Array): Promise<string> {
    const [first] = this.#keys;
    if (first === undefined) {
      throw new Error("seal: there is no key");
    }
    return new CompactEncrypt(content)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: first.id, typ: purpose })
      .encrypt(first.key);
  }

  /** The content, or undefined for whatever was not sealed here, with one of these keys, for this purpose. */
  async open(purpose: string, sealed: string): Promise<Uint8Array | undefined> {
    try {
      const find = (header: { kid?: string }) => {
        const found = this.#keys.find(({ id }) => id === header.kid);
        if (found === undefined) {
          throw new Error("open: unknown key");
        }
        return found.key;
      };
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, find, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      return protectedHeader.typ === purpose ? plaintext : undefined;
    } catch {
      return undefined;
    }
  }
}
