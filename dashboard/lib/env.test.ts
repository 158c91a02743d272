// @vitest-environment node
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readEnv } from "@/lib/env";

const key = () => randomBytes(32).toString("base64");
const whole = { DASHBOARD_URL: "https://dashboard.example", API_URL: "http://api:8080/", SESSION_KEYS: key() };

test("browsers use the API's address for servers unless there is one for them", () => {
  expect(readEnv(whole)).toMatchObject({ API_URL: "http://api:8080", API_PUBLIC_URL: "http://api:8080", secure: true });
  const apart = readEnv({ ...whole, API_PUBLIC_URL: "https://api.example", DASHBOARD_URL: "http://127.0.0.1:3000" });
  expect(apart).toMatchObject({ API_PUBLIC_URL: "https://api.example", secure: false });
});

test("keys come in a list, newest first, or from a file", () => {
  const [first, second] = [key(), key()];
  expect(
    readEnv({ ...whole, SESSION_KEYS: `${first}, ${second}` }).SESSION_KEYS.map((k) => k.toString("base64")),
  ).toEqual([first, second]);
  const file = path.join(mkdtempSync(path.join(tmpdir(), "trackbot-")), "keys");
  writeFileSync(file, `${second}\n`);
  const { SESSION_KEYS: _, ...rest } = whole;
  expect(readEnv({ ...rest, SESSION_KEYS_FILE: file }).SESSION_KEYS.map((k) => k.toString("base64"))).toEqual([second]);
});

test("the secret shared with the API comes in a list or from a file, and its header by any case", () => {
  const [first, second] = ["a".repeat(32), "ß".repeat(16)];
  expect(readEnv(whole)).toMatchObject({ CLIENT_ADDRESS_SECRET: [] });
  expect(
    readEnv({ ...whole, CLIENT_ADDRESS_SECRET: `${first},${second}`, CLIENT_ADDRESS_HEADER: "CF-Connecting-IP" }),
  ).toMatchObject({ CLIENT_ADDRESS_SECRET: [first, second], CLIENT_ADDRESS_HEADER: "cf-connecting-ip" });
  const file = path.join(mkdtempSync(path.join(tmpdir(), "trackbot-")), "secret");
  writeFileSync(file, `${first}\n`);
  expect(readEnv({ ...whole, CLIENT_ADDRESS_SECRET_FILE: file }).CLIENT_ADDRESS_SECRET).toEqual([first]);
});

test("names every fault at once and no value", () => {
  const faulty = {
    DASHBOARD_URL: "https://dashboard.example/path",
    API_URL: "ftp://secret-host",
    SESSION_KEYS: "c2hvcnQ=",
    IMAGE_ORIGINS: "x",
    CLIENT_ADDRESS_SECRET: `${"b".repeat(32)},too-short`,
    CLIENT_ADDRESS_HEADER: "x forwarded",
  };
  const read = () => readEnv(faulty);
  for (const name of Object.keys(faulty)) {
    expect(read).toThrow(name);
  }
  expect(read).not.toThrow(/secret-host|c2hvcnQ|bbbb|too-short/);
  expect(() => readEnv({})).toThrow(/DASHBOARD_URL[\s\S]*API_URL[\s\S]*SESSION_KEYS/);
});
