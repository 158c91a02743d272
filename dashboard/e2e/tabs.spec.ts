import { expect, harbour, shortLived, signIn, test } from "./world";

test("ten tabs that refresh at once keep the session, again and again", async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: shortLived() });
  const first = await context.newPage();
  await signIn(first, "mara", shortLived());
  const tabs = [first, ...(await Promise.all(Array.from({ length: 9 }, () => context.newPage())))];
  const sessionBefore = await first.evaluate(async () => (await (await fetch("/api/v1/auth/me")).json()).session.id);
  for (let round = 0; round < 3; round++) {
    // The access token lives 4 s: by now it is over in all tabs, and all of them find out at the same moment.
    await first.waitForTimeout(4_500);
    const answers = await Promise.all(
      tabs.map((tab, n) =>
        n % 2 === 0
          ? tab
              .goto(`/guilds/${harbour.id}/usage`, { waitUntil: "commit" })
              .then((response) => [response?.status(), new URL(tab.url()).pathname])
          : tab.request
              .get("/api/v1/guilds", { maxRetries: 1 })
              .then((response) => [response.status(), `/guilds/${harbour.id}/usage`]),
      ),
    );
    expect(answers).toEqual(tabs.map(() => [200, `/guilds/${harbour.id}/usage`]));
  }
  await first.goto("/account/sessions");
  const sessionAfter = await first.evaluate(async () => (await (await fetch("/api/v1/auth/me")).json()).session.id);
  expect(sessionAfter).toBe(sessionBefore);
  await context.close();
});

test("a page that stays open outlives many access tokens", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: shortLived() });
  const page = await context.newPage();
  await signIn(page, "noor", shortLived());
  await page.goto(`/guilds/${harbour.id}`);
  await expect(page.getByRole("heading", { level: 1, name: harbour.name })).toBeVisible();
  await page.waitForTimeout(13_000);
  await expect(page.getByText(/^Stale/)).toHaveCount(0);
  expect(await page.evaluate(async () => (await fetch("/api/v1/auth/me")).status)).toBe(200);
  await expect(page).toHaveURL(`${shortLived()}/guilds/${harbour.id}`);
  await context.close();
});
