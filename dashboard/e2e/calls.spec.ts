import type { APIRequestContext, Browser, Page } from "@playwright/test";
import { type Call, callsFor, expect, harbour, pages, slow, test } from "./world";

// No waterfalls: each call to the API is held for most of a second here, so that calls which do not need each other's
// answers overlap, and those that do stand in a line. The calls of the dashboard's server are counted with the browser's.

const deepest = 2;
const guild = `/guilds/${harbour.id}`;
const atOnce = 4;

/** The longest line of calls of which each began when the one before had ended. */
function longestLine(calls: readonly Call[]): Call[] {
  const line: Call[] = [];
  for (const call of [...calls].sort((a, b) => (a.to ?? Infinity) - (b.to ?? Infinity))) {
    if (call.from >= (line.at(-1)?.to ?? -1)) line.push(call);
  }
  return line;
}

const words = (line: readonly Call[]) => line.map(({ path, from, to }) => `${from}–${to} ${path}`);

/** A browser of its own on the slow dashboard, and the calls that were made for it. */
async function visitor(browser: Browser, request: APIRequestContext, agent: string, cookies: Cookies) {
  const context = await browser.newContext({ baseURL: slow(), userAgent: agent });
  await context.addCookies(cookies);
  const page = await context.newPage();
  let before = 0;
  /** The calls since the last time, as soon as none has been running for a while. */
  const calls = async (first: RegExp): Promise<Call[]> => {
    let made: Call[] = [];
    await expect(async () => {
      const { now, calls: all } = await callsFor(request, agent);
      made = all.slice(before);
      expect(
        made.some(({ path }) => first.test(path)),
        `a call to ${first}`,
      ).toBe(true);
      expect(Math.max(...made.map(({ to }) => to ?? Infinity))).toBeLessThan(now - 500);
    }).toPass({ timeout: 30_000, intervals: [100] });
    before += made.length;
    return made;
  };
  return { page, calls, close: () => context.close() };
}

type Cookies = Parameters<Awaited<ReturnType<Browser["newContext"]>>["addCookies"]>[0];

test("a page makes no more than two calls one after the other", async ({ browser, request, marasCookies }) => {
  test.setTimeout(200_000);
  const lines: Record<string, Call[]> = {};
  const waiting = [...pages, "a post"];
  let visits = 0;
  const visit = async (path: string) => {
    const { page, calls, close } = await visitor(browser, request, `waterfall ${++visits}`, marasCookies);
    await page.goto(path === "a post" ? await aPost(page) : path);
    lines[path] = longestLine(await calls(/\/auth\/me$/)); // which the browser asks for on each page, not the server
    await close();
  };
  const deep = () => Object.entries(lines).filter(([, line]) => line.length > deepest);
  const worker = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await visit(path);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  // Calls that a busy machine began late look like a line, once; those that wait for each other do every time.
  for (let more = 0; more < 2; more++) {
    for (const [path] of deep()) await visit(path);
  }
  console.log(`calls in a row: ${Object.entries(lines).map(([path, line]) => `${path} ${line.length}`)}`);
  expect(deep().map(([path, line]) => [path, words(line)])).toEqual([]);
});

async function aPost(page: Page): Promise<string> {
  const answer = await page.request.get(`/api/v1${guild}/posts?limit=1`, { headers: { "user-agent": "nobody" } });
  return `${guild}/tracking/posts/${(await answer.json()).items[0].id}`;
}

test("calls that wait for each other's answers are seen as a line", async ({ browser, request, marasCookies }) => {
  const { page, calls, close } = await visitor(browser, request, "waterfall, made", marasCookies);
  await page.goto("/");
  await calls(/\/auth\/me$/);
  await page.evaluate(async () => {
    for (let n = 0; n < 3; n++) await Promise.all([fetch("/api/v1/auth/me"), fetch("/api/v1/auth/sessions")]);
  });
  expect(longestLine(await calls(/\/auth\/sessions$/))).toHaveLength(3);
  await close();
});
