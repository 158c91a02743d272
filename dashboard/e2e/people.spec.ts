import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, fieldNotes, harbour, pages, people, test } from "./world";

const guild = `/guilds/${harbour.id}`;
const every = [...pages, "/terms", "/privacy", "/no-such-page"];

async function settled(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[data-slot=skeleton]")).toHaveCount(0);
}

async function violations(page: Page) {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(" ")} ${failureSummary}`).join(" | ")}`,
  );
}

/** Shares a brand for a day: the path of its page, and its address in the API. */
async function shareOf(page: Page): Promise<{ path: string; api: string }> {
  const { url, id } = await page.evaluate(async (api) => {
    const { items } = await (await fetch(`${api}/brands`)).json();
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const answer = await fetch(`${api}/shares`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ brandId: items[0].id, expiresAt }),
    });
    return answer.json();
  }, `/api/v1${guild}`);
  return { path: new URL(url).pathname, api: `/api/v1${guild}/shares/${id}` };
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any page in ${colorScheme} colours`, async ({ mara }) => {
    test.setTimeout(150_000);
    await mara.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const path of every) {
      await settled(mara, path);
      expect(await violations(mara), path).toEqual([]);
    }
    await mara.goto(`${guild}/tracking/posts`);
    await mara.getByRole("table", { name: "Posts" }).getByRole("link").first().click();
    await expect(mara).toHaveURL(/posts\/[0-9a-f-]{36}/);
    await expect(mara.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await violations(mara), "a post").toEqual([]);
    const share = await shareOf(mara);
    await settled(mara, share.path);
    expect(await violations(mara), "a shared scorecard").toEqual([]);
    expect(await mara.evaluate(async (api) => (await fetch(api, { method: "DELETE" })).status, share.api)).toBe(204);
    await settled(mara, share.path);
    expect(await violations(mara), "a link that does not work").toEqual([]);
    await mara.context().clearCookies();
    await settled(mara, "/login?error=expired");
    expect(await violations(mara), "login").toEqual([]);
  });
}

test("on a phone every page fits the width and the navigation is at hand", async ({ mara }) => {
  test.setTimeout(120_000);
  await mara.setViewportSize({ width: 390, height: 844 });
  for (const path of every) {
    await settled(mara, path);
    const overflow = await mara.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
  await mara.goto(guild);
  await mara.getByRole("navigation").getByRole("link", { name: "Posts" }).first().click();
  await expect(mara).toHaveURL(/\/tracking\/posts/);
});

test("the focus goes into a dialog and back to the button that opened it, however it is closed", async ({ mara }) => {
  await settled(mara, `${guild}/tracking/accounts`);
  const button = mara.getByRole("button", { name: "Track an account" });
  const dialog = mara.getByRole("dialog", { name: "Track an account" });
  for (const close of [
    () => mara.keyboard.press("Escape"),
    () => dialog.getByRole("button", { name: "Close" }).click(),
    () => dialog.getByRole("button", { name: "Cancel" }).click(),
  ]) {
    await button.focus();
    await mara.keyboard.press("Enter");
    await expect(dialog).toBeVisible();
    await expect(dialog.locator(":focus")).toHaveCount(1);
    await close();
    await expect(dialog).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});

/** Presses Tab until what is looked for has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, name: RegExp, role?: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    if ((await focused.count()) === 1) {
      const label = await focused.evaluate(
        (element) => `${element.getAttribute("aria-label") ?? ""} ${element.textContent ?? ""}`,
      );
      if (
        name.test(label) &&
        (role === undefined || (await focused.evaluate((element, tag) => element.matches(tag), role)))
      ) {
        return;
      }
    }
  }
  throw new Error(`no Tab leads to ${name}`);
}

/** Goes by Tab and arrow keys to a person whom the simulator's consent page offers. */
async function pickOnConsentPage(page: Page, person: string): Promise<void> {
  const chosen = page.locator("label:has(:focus)");
  while ((await chosen.count()) === 0) {
    await page.keyboard.press("Tab");
  }
  await expect(async () => {
    if (!(await chosen.innerText()).toLowerCase().includes(person)) {
      await page.keyboard.press("ArrowDown");
      throw new Error(`the focus is not at ${person}`);
    }
  }).toPass();
}

test("the whole way, from signing in to a post, goes by keyboard alone", async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto("/");
  await tabTo(page, /Discord/, "a");
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(/authorize/i);
  await pickOnConsentPage(page, people.mara);
  await tabTo(page, /^\s*Authorize\s*$/, "button");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("main").getByRole("link", { name: harbour.name })).toBeVisible();
  await page.waitForLoadState("networkidle"); // what takes the page over may take the focus with it
  await tabTo(page, new RegExp(harbour.name), "main a");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(guild);
  await tabTo(page, /^\s*Skip to content/);
  await page.keyboard.press("Enter");
  await tabTo(page, /All posts/, "main a");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tracking\/posts$/);
  await tabTo(page, /part A/, "main a");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/posts\/[0-9a-f-]{36}/);
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.type(fieldNotes.name);
  await expect(page.getByRole("option", { name: fieldNotes.name }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/guilds/${fieldNotes.id}`));
});
