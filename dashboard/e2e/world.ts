import { createHmac } from "node:crypto";
import { type APIRequestContext, type BrowserContext, test as base, expect, type Page } from "@playwright/test";

// The system around the browser: its people and guilds, and its services, which a test may stop and start.

function address(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: run these tests with \`go test ./e2e -run Dashboard\``);
  }
  return value;
}

export const shortLived = () => address("SHORT_BASE_URL");

/** A dashboard that holds each of its calls to the API for a while; who is signed in at the other is so here. */
export const slow = () => address("SLOW_BASE_URL");

/** A call to the API; times in milliseconds, `to` null while it runs. */
export type Call = { path: string; from: number; to: number | null };

/** What the slow dashboard has called so far for a browser with this User-Agent. */
export async function callsFor(request: APIRequestContext, agent: string): Promise<{ now: number; calls: Call[] }> {
  const response = await request.get(`${address("CONTROL_URL")}/calls`, { params: { agent } });
  expect(response.status()).toBe(200);
  return response.json();
}

export const people = {
  /** Owns both guilds. */
  mara: "mara",
  /** A member of Harbour Studio. */
  noor: "noor",
  /** Owns a guild of their own. */
  otto: "otto",
} as const;
export type Person = keyof typeof people;

export const harbour = { id: "400000000000000001", name: "Harbour Studio" };
export const fieldNotes = { id: "400000000000000002", name: "Field Notes" };
export const elsewhere = { id: "400000000000000003", name: "Elsewhere" };

const guild = `/guilds/${harbour.id}`;

/** Every page with data, but for a single post's. */
export const pages = [
  "/",
  "/account/sessions",
  "/account/data",
  guild,
  `${guild}/tracking/accounts`,
  `${guild}/tracking/posts`,
  `${guild}/analytics`,
  `${guild}/usage`,
  `${guild}/plan`,
  `${guild}/data`,
  `${guild}/settings`,
  `${guild}/routes`,
  `${guild}/keys`,
  `${guild}/shares`,
  `${guild}/exports`,
  `${guild}/audit`,
];

type Service = "api" | "bot" | "worker" | "notifier";

/** Stops (with a goodbye), kills (without) or starts a service, and returns when that is so. */
export async function order(
  request: APIRequestContext,
  service: Service,
  action: "stop" | "kill" | "start",
): Promise<void> {
  const response = await request.post(`${address("CONTROL_URL")}/${service}/${action}`, { timeout: 45_000 });
  expect(response.status(), `${action} ${service}`).toBe(204);
}

/** Makes the guild "Great Agency" of otto, with 5,000 accounts and 100,000 posts, unless it is there. */
export async function fillBig(request: APIRequestContext): Promise<void> {
  const response = await request.post(`${address("CONTROL_URL")}/big/start`, { timeout: 120_000 });
  expect(response.status()).toBe(204);
}

/** What a test of plans cannot wait for: 13 accounts for Field Notes, or the end of its grace. */
export async function planned(request: APIRequestContext, action: "fill" | "end"): Promise<void> {
  const response = await request.post(`${address("CONTROL_URL")}/plan/${action}`, { timeout: 45_000 });
  expect(response.status(), `plan ${action}`).toBe(204);
}

/** Suspends Field Notes as the operator does, or serves it again. */
export async function suspended(request: APIRequestContext, action: "suspend" | "resume"): Promise<void> {
  const response = await request.post(`${address("CONTROL_URL")}/client/${action}`, { timeout: 45_000 });
  expect(response.status(), action).toBe(204);
}

/** Sends the API an event as Stripe signs it (Stripe docs: Webhooks, "Verify webhook signatures manually"). */
export async function sellByStripe(
  request: APIRequestContext,
  type: string,
  created: number,
  object: object,
): Promise<void> {
  const data = JSON.stringify({ id: `evt_${type.replaceAll(".", "_")}_${created}`, type, created, data: { object } });
  const at = Math.floor(Date.now() / 1000);
  const v1 = createHmac("sha256", address("STRIPE_SECRET")).update(`${at}.${data}`).digest("hex");
  const response = await request.post(`${address("API_URL")}/api/v1/webhooks/stripe`, {
    ...{ data, headers: { "Content-Type": "application/json", "Stripe-Signature": `t=${at},v1=${v1}` } },
  });
  expect(response.status(), type).toBe(204);
}

/** One of the simulator's control operations (internal/sim/doc.go). */
export async function simulate(request: APIRequestContext, operation: string, data: object): Promise<unknown> {
  const response = await request.post(`${address("SIM_URL")}/sim/control/${operation}`, { data });
  expect(response.status(), operation).toBe(200);
  return response.json();
}

/** Clicks through the sign-in as a person does, from whatever page shows the button, and returns on the dashboard. */
export async function clickThroughSignIn(page: Page, person: Person): Promise<void> {
  await page.getByRole("link", { name: /discord/i }).click();
  await expect(page).toHaveTitle(/authorize/i);
  await page
    .getByText(new RegExp(`^${people[person]}`, "i"))
    .first()
    .click();
  await page.getByRole("button", { name: "Authorize" }).click();
}

/** Signs in and waits for the start page. */
export async function signIn(page: Page, person: Person, home = address("BASE_URL")): Promise<void> {
  await page.goto(`${home}/login`);
  await clickThroughSignIn(page, person);
  await expect(page).toHaveURL(`${home}/`);
}

/**
 * Makes loading a page wait until all that the server streamed stands in its place. React first holds such parts in
 * hidden elements at the end of the page (react.dev: <Suspense>, "Streaming Server Rendering"), and on a slow machine one
 * is still there when its content has been drawn by the browser, so that a locator finds it twice.
 */
function waitForStreamedParts(page: Page): void {
  const arrived = () => expect(page.locator('div[hidden][id^="S:"]')).toHaveCount(0);
  const { goto, reload } = page;
  page.goto = async (...to) => {
    const response = await goto.apply(page, to);
    await arrived();
    return response;
  };
  page.reload = async (...options) => {
    const response = await reload.apply(page, options);
    await arrived();
    return response;
  };
}

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

/** A page on which Mara is signed in. She signs in once for all tests that do not end her session. */
export const test = base.extend<{ mara: Page; problems: string[] }, { marasCookies: Cookies }>({
  page: async ({ page }, use) => {
    waitForStreamedParts(page);
    await use(page);
  },
  marasCookies: [
    async ({ browser }, use) => {
      const context = await browser.newContext();
      await signIn(await context.newPage(), "mara");
      const cookies = await context.cookies();
      await context.close();
      await use(cookies);
    },
    { scope: "worker" },
  ],
  mara: async ({ page, marasCookies }, use) => {
    await page.context().addCookies(marasCookies);
    await use(page);
  },
  /** What the browser complains of: errors of scripts and what the policy of the page has refused. */
  problems: async ({ page }, use) => {
    const seen: string[] = [];
    page.on("pageerror", (error) => seen.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") {
        seen.push(`${message.text()} ${message.location().url}`);
      }
    });
    await use(seen);
  },
});

export { expect };
