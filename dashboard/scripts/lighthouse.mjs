// Measures login, overview and tracking with Lighthouse on the production build: `npm run lighthouse`. Each page is loaded
// once to warm the server, then measured three times; the median counts. A running dashboard may be named in BASE_URL.
import { createServer } from "node:net";
import { chromium } from "@playwright/test";
import lighthouse from "lighthouse";
import { browserArguments, findBrowser } from "./browser.mjs";
import { guild, signIn, withDemo } from "./running.mjs";

const wanted = { performance: 95, accessibility: 100, "best-practices": 100 };
const pages = {
  login: "/login",
  overview: guild,
  accounts: `${guild}/tracking/accounts`,
  posts: `${guild}/tracking/posts`,
};
const runs = 3;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(address, port, extraHeaders) {
  const results = [];
  for (let n = 0; n < runs; n++) {
    const result = await lighthouse(
      address,
      { port, output: "json", logLevel: "error", extraHeaders, disableStorageReset: true },
      {
        extends: "lighthouse:default",
        settings: {
          onlyCategories: Object.keys(wanted),
          formFactor: "desktop",
          throttlingMethod: "simulate",
          throttling: {
            rttMs: 40,
            throughputKbps: 10_240,
            cpuSlowdownMultiplier: 1,
            requestLatencyMs: 0,
            downloadThroughputKbps: 0,
            uploadThroughputKbps: 0,
          },
          screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
        },
      },
    );
    results.push(result.lhr);
  }
  return results;
}

function faults(lhr, category) {
  return lhr.categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 0.9)
    .map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? ""}`.trim());
}

let missed = 0;
await withDemo(async (base) => {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [...browserArguments, `--remote-debugging-port=${port}`],
  });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, base);
    const cookies = (await context.cookies()).filter(({ name }) => name.startsWith("__Host-"));
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(base + path);
      const results = await measure(base + path, port, name === "login" ? {} : { Cookie: cookie });
      const scores = Object.keys(wanted).map((category) => {
        const score = Math.round(100 * median(results.map((lhr) => lhr.categories[category].score ?? 0)));
        const ok = score >= wanted[category];
        missed += ok ? 0 : 1;
        return `${category} ${score}${ok ? "" : ` (wants ${wanted[category]}: ${faults(results[0], category).join(", ")})`}`;
      });
      console.log(`${name.padEnd(10)} ${scores.join("  ")}`);
    }
  } finally {
    await browser.close();
  }
});
process.exitCode = missed === 0 ? 0 : 1;
