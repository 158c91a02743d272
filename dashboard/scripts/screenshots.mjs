// Writes every page in both themes and three widths to docs/screenshots, and one that is empty, in error and stale:
// `npm run screenshots`. A running dashboard may be
// named in BASE_URL; names of pages as arguments leave the others as they are.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { browserArguments, findBrowser } from "./browser.mjs";
import { guild, signIn, withDemo } from "./running.mjs";

const target = path.join(path.dirname(path.dirname(import.meta.dirname)), "docs", "screenshots");
const sizes = [
  [390, 844],
  [768, 1024],
  [1440, 900],
];
const pages = {
  servers: "/",
  overview: guild,
  accounts: `${guild}/tracking/accounts`,
  posts: `${guild}/tracking/posts`,
  gallery: `${guild}/tracking/posts?view=gallery`,
  post: `${guild}/tracking/posts`,
  analytics: `${guild}/analytics`,
  usage: `${guild}/usage`,
  plan: `${guild}/plan`,
  settings: `${guild}/settings`,
  audit: `${guild}/audit`,
  exports: `${guild}/exports`,
  keys: `${guild}/keys`,
  routes: `${guild}/routes`,
  shares: `${guild}/shares`,
  data: `${guild}/data`,
  "track-dialog": `${guild}/tracking/accounts`,
  sessions: "/account/sessions",
  "my-data": "/account/data",
  terms: "/terms",
  privacy: "/privacy",
  "not-found": "/no-such-page",
  share: "", // made and revoked by this script
  empty: `${guild}/tracking/posts?q=nothing+like+this`,
  error: `${guild}/audit`,
  stale: guild,
  login: "/login",
};
const chosen = process.argv.slice(2);

async function settle(page) {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle", { timeout: 1_200 }).catch(() => {}); // a live stream never rests
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600); // charts draw themselves
}

const problem = {
  status: 500,
  contentType: "application/problem+json",
  body: JSON.stringify({ status: 500, code: "internal", requestId: "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d" }),
};

/** Opens the page; false when this build has no such page. */
async function open(page, base, name) {
  if (name === "error") {
    await page.route("**/api/v1/guilds/*/audit*", (route) => route.fulfill(problem));
  }
  const answer = await page.goto(base + pages[name]);
  if (name !== "not-found" && answer?.status() === 404) {
    return false;
  }
  await settle(page);
  if (name === "post") {
    // One with a history: the newest have not been measured.
    const links = page.getByRole("main").locator("a[href*='/tracking/posts/']");
    await links.first().waitFor();
    await links.nth(Math.min(12, (await links.count()) - 1)).click();
    await page.waitForURL(/posts\/[0-9a-f-]{36}/);
    await settle(page);
  }
  if (name === "stale") {
    await page.context().setOffline(true);
    await page.getByText(/^Stale, as of/).waitFor();
  }
  if (name === "track-dialog") {
    await page.getByRole("button", { name: "Track an account" }).first().click();
    await page.getByRole("dialog").waitFor();
    await page.waitForTimeout(300);
  }
  return true;
}

/** Shares the first brand by a link, for as long as work is done with it. */
async function withShare(page, work) {
  const path = `/api/v1${guild}/shares`;
  const share = await page.evaluate(
    async ([shares, brands]) => {
      const { items } = await (await fetch(brands)).json();
      const body = JSON.stringify({ brandId: items[0].id });
      return (await fetch(shares, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
    },
    [path, `/api/v1${guild}/brands`],
  );
  pages.share = new URL(share.url).pathname;
  try {
    await work();
  } finally {
    await page.evaluate((one) => fetch(one, { method: "DELETE" }), `${path}/${share.id}`);
  }
}

async function shoot(browser, base, signedIn, [width, height], colorScheme) {
  for (const name of Object.keys(pages)) {
    if (chosen.length > 0 && !chosen.includes(name)) {
      continue;
    }
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      storageState: ["login", "share"].includes(name) ? undefined : signedIn,
    });
    const page = await context.newPage();
    if (await open(page, base, name)) {
      writeFileSync(path.join(target, `${name}-${width}-${colorScheme}.png`), await page.screenshot({ scale: "css" }));
    } else {
      console.log(`no page ${name}`);
    }
    await context.close();
  }
}

await withDemo(async (base) => {
  mkdirSync(target, { recursive: true });
  if (chosen.length === 0) {
    for (const old of readdirSync(target)) {
      rmSync(path.join(target, old));
    }
  }
  const browser = await chromium.launch({ executablePath: findBrowser(), args: browserArguments });
  try {
    const first = await browser.newContext();
    const home = await first.newPage();
    await signIn(home, base);
    const signedIn = await first.storageState();
    await withShare(home, async () => {
      for (const size of sizes) {
        for (const colorScheme of ["light", "dark"]) {
          await shoot(browser, base, signedIn, size, colorScheme);
        }
      }
    });
  } finally {
    await browser.close();
  }
  const files = readdirSync(target);
  const bytes = files.reduce((sum, file) => sum + statSync(path.join(target, file)).size, 0);
  console.log(`${files.length} screenshots, ${(bytes / 1e6).toFixed(1)} MB, in docs/screenshots`);
});
