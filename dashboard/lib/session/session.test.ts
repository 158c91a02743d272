// @vitest-environment node
import { createHmac, randomBytes, randomInt, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Sealer } from "@/lib/session/seal";
import { isStale, openSession, sealSession, sessionOf } from "@/lib/session/session";
import { packToken, unpackToken } from "@/lib/session/token";

const digits = (n: number) => Array.from({ length: n }, (_, i) => randomInt(i === 0 ? 1 : 0, 10)).join("");

/** An access token of the API with the longest of everything. */
function accessToken(guilds: number): string {
  const header = { alg: "HS512", kid: randomBytes(8).toString("hex"), typ: "at+jwt" };
  const claims = {
    iss: "https://api.a-rather-long-name.example",
    aud: "https://dashboard.a-rather-long-name.example",
    sub: digits(20),
    username: randomBytes(16).toString("hex"),
    sid: randomUUID(),
    jti: randomUUID(),
    iat: 1,
    nbf: 1,
    exp: 2,
    guilds: Array.from({ length: guilds }, () => ({ id: digits(20), clientId: randomUUID(), permissions: digits(19) })),
    guildsTruncated: true,
  };
  const body = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${body}.${createHmac("sha512", "k").update(body).digest("base64url")}`;
}

const pairOf = (token: string) => ({
  accessToken: token,
  tokenType: "Bearer" as const,
  expiresIn: 900,
  refreshToken: `tb_rt_${randomBytes(60).toString("base64url")}`,
  refreshExpiresAt: "2026-12-22T20:00:00.000Z",
});

const now = Date.parse("2026-11-22T20:00:00.000Z");
const keyA = randomBytes(32);
const keyB = randomBytes(32);

function session(guilds = 2) {
  const made = sessionOf(pairOf(accessToken(guilds)), now);
  if (made === undefined) {
    throw new Error("the tokens are whole");
  }
  return made;
}

describe("session cookie", () => {
  test("holds tokens of 20 guilds within what browsers store of a cookie", async () => {
    const sealed = await sealSession(new Sealer([keyA]), session(20));
    expect(accessToken(20).length).toBeGreaterThan(3_000);
    expect(`__Host-tb_session=${sealed}`.length).toBeLessThan(3_500); // browsers: 4096 with attributes
  });

  test("gives back what was sealed, byte for byte", async () => {
    const kept = session(20);
    const sealer = new Sealer([keyA]);
    expect(await openSession(sealer, await sealSession(sealer, kept), now)).toEqual(kept);
  });

  test("opens under an older key of the list and seals under the first", async () => {
    const kept = session();
    const old = await sealSession(new Sealer([keyA]), kept);
    expect(await openSession(new Sealer([keyB, keyA]), old, now)).toEqual(kept);
    const fresh = await sealSession(new Sealer([keyB, keyA]), kept);
    expect(await openSession(new Sealer([keyB]), fresh, now)).toEqual(kept);
    expect(await openSession(new Sealer([keyB]), old, now)).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["no JWE", "abc"],
    ["too many parts", "a.b.c.d.e.f"],
    ["an unsealed session", Buffer.from('{"v":1}').toString("base64url")],
  ])("takes %s for no session", async (_, cookie) => {
    expect(await openSession(new Sealer([keyA]), cookie, now)).toBeUndefined();
  });

  test("takes a cookie with any changed character for no session", async () => {
    const sealed = await sealSession(new Sealer([keyA]), session());
    for (let i = 0; i < sealed.length; i += 7) {
      const changed = sealed.slice(0, i) + (sealed[i] === "A" ? "B" : "A") + sealed.slice(i + 1);
      const opened = await openSession(new Sealer([keyA]), changed, now);
      expect(opened === undefined || i === sealed.length - 1).toBe(true);
    }
  });

  test("takes what was sealed for another purpose for no session", async () => {
    const sealer = new Sealer([keyA]);
    expect(await openSession(sealer, await sealer.seal("tb-flow", Buffer.from('{"v":1}')), now)).toBeUndefined();
  });

  test("is over when the refresh token is", async () => {
    const kept = session();
    const sealed = await sealSession(new Sealer([keyA]), kept);
    expect(await openSession(new Sealer([keyA]), sealed, kept.refreshExpiresAt)).toBeUndefined();
  });
});

describe("packToken", () => {
  test.each([accessToken(0), accessToken(20), "opaque", "a.b", "a.b.c.d", "Zh.e30.sig"])(
    "is undone by unpackToken",
    (token) => {
      expect(unpackToken(packToken(token))).toBe(token);
    },
  );
});

test("a session is stale a little before its access token ends, and not at once when that is short", () => {
  const long = session();
  expect(isStale(long, long.accessExpiresAt - 30_001)).toBe(false);
  expect(isStale(long, long.accessExpiresAt - 30_000)).toBe(true);
  const short = { ...long, accessLife: 5_000 };
  expect(isStale(short, short.accessExpiresAt - 1_001)).toBe(false);
  expect(isStale(short, short.accessExpiresAt - 1_000)).toBe(true);
});

test("tokens without the claims of a person are no session", () => {
  expect(sessionOf(pairOf("a.e30.b"), now)).toBeUndefined();
  expect(sessionOf({ ...pairOf(accessToken(1)), refreshExpiresAt: "soon" }, now)).toBeUndefined();
});
