// Writes every page in both themes and three widths to docs/screenshots: `npm run screenshots`. A running dashboard may be
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
  login: "/login",
};
const chosen = process.argv.slice(2);

async function settle(page) {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle", { timeout: 1_200 }).catch(() => {}); // a live stream never rests
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600); // charts draw themselves
}

/** Opens the page; false when this build has no such page. */
async function open(page, base, name) {
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
  if (name === "track-dialog") {
    await page.getByRole("button", { name: "Track an account" }).first().click();
    await page.getByRole("dialog").waitFor();
    await page.waitForTimeout(300);
  }
  return true;
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
      storageState: name === "login" ? undefined : signedIn,
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
    await signIn(await first.newPage(), base);
    const signedIn = await first.storageState();
    for (const size of sizes) {
      for (const colorScheme of ["light", "dark"]) {
        await shoot(browser, base, signedIn, size, colorScheme);
      }
    }
  } finally {
    await browser.close();
  }
  const files = readdirSync(target);
  const bytes = files.reduce((sum, file) => sum + statSync(path.join(target, file)).size, 0);
  console.log(`${files.length} screenshots, ${(bytes / 1e6).toFixed(1)} MB, in docs/screenshots`);
});
