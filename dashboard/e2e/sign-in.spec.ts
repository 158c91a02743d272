import { clickThroughSignIn, expect, fieldNotes, harbour, signIn, test } from "./world";

const session = "__Host-tb_session";

test("a person signs in by way of Discord's consent page and sees their guilds", async ({ page, problems }) => {
  await page.goto("/");
  await expect(page).toHaveURL("/login");
  await clickThroughSignIn(page, "mara");
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("link", { name: harbour.name }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: fieldNotes.name }).first()).toBeVisible();
  expect(problems).toEqual([]);
});

test("whoever is sent to the sign-in comes back to the page they wanted, with its filters", async ({ page }) => {
  const wanted = `/guilds/${harbour.id}/tracking/posts?platform=rss`;
  await page.goto(wanted);
  await expect(page).toHaveURL(`/login?returnTo=${encodeURIComponent(wanted)}`);
  await clickThroughSignIn(page, "mara");
  await expect(page).toHaveURL(wanted);
});

test("a returnTo to elsewhere is not followed", async ({ page, baseURL }) => {
  await page.goto("/login?returnTo=//evil.example/x");
  await clickThroughSignIn(page, "mara");
  await expect(page).toHaveURL(`${baseURL}/`);
});

test("whoever refuses at Discord is told so and may try again", async ({ page }) => {
  await page.goto("/login");
  await page.getByRole("link", { name: /discord/i }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(/\/login\?error=access_denied/);
  await expect(page.getByRole("main").getByRole("alert")).not.toBeEmpty();
  await clickThroughSignIn(page, "mara");
  await expect(page).toHaveURL("/");
});

test("the login page loads no script file and no more than 120 kB", async ({ page, problems }) => {
  let bytes = 0;
  const scripts: string[] = [];
  page.on("response", async (response) => {
    bytes += (await response.request().sizes()).responseBodySize;
    if (response.request().resourceType() === "script") {
      scripts.push(response.url());
    }
  });
  await page.goto("/login", { waitUntil: "networkidle" });
  expect(scripts).toEqual([]);
  expect(bytes).toBeLessThan(120_000);
  expect(problems).toEqual([]);
});

test("a sign-in that this browser did not begin is refused", async ({ page, context }) => {
  await page.goto("/auth/callback?code=abc&state=def&returnTo=/");
  await expect(page).toHaveURL("/login?error=invalid_state");
  expect((await context.cookies()).filter(({ name }) => name === session)).toEqual([]);
});

test("no script and no storage sees a token, and the cookie is sealed", async ({ page, context }) => {
  await signIn(page, "mara");
  const [cookie] = (await context.cookies()).filter(({ name }) => name === session);
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
  expect(cookie?.value).not.toContain("tb_rt_");
  const visible = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML]),
  );
  expect(visible).not.toContain("tb_rt_");
  expect(visible).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
});

test("signing out in one tab signs the others out", async ({ page, context }) => {
  await signIn(page, "mara");
  const other = await context.newPage();
  await other.goto(`/guilds/${harbour.id}`);
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  await page
    .getByRole("button", { name: /account|mara/i })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(other).toHaveURL(/\/login/);
  expect((await context.cookies()).filter(({ name }) => name === session)).toEqual([]);
});

test("a person ends another of their sessions by a press, and that browser is signed out", async ({
  page,
  browser,
}) => {
  const lost = await browser.newContext({ userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0" });
  const phone = await lost.newPage();
  await signIn(phone, "noor");
  await signIn(page, "noor");
  await page.goto("/account/sessions");
  const rows = page.getByRole("listitem").filter({ hasText: "Firefox on Linux" });
  const before = await rows.count();
  await rows.first().getByRole("button", { name: "End the session of Firefox on Linux" }).click();
  const asking = page.getByRole("alertdialog", { name: "End the session of Firefox on Linux?" });
  await asking.getByRole("button", { name: "Cancel" }).click();
  await expect(asking).toHaveCount(0);
  await rows.first().getByRole("button", { name: "End the session of Firefox on Linux" }).click();
  await asking.getByRole("button", { name: "End session" }).click();
  await expect(page.getByText("The session is ended").first()).toBeVisible();
  await expect(rows).toHaveCount(before - 1);
  await expect(async () => {
    await phone.goto("/");
    await expect(phone).toHaveURL(/\/login/, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 }); // the API may take 5 s to know everywhere
  expect(await page.evaluate(async () => (await fetch("/api/v1/auth/me")).status)).toBe(200);
  await lost.close();
});

test("a session that was ended elsewhere leads to the login page, from a page that is open as well", async ({
  page,
  browser,
}) => {
  await signIn(page, "noor");
  const elsewhere = await browser.newContext();
  const phone = await elsewhere.newPage();
  await signIn(phone, "noor");
  const ended = await phone.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/auth/sessions")).json();
    const others = items.filter((one: { current: boolean }) => !one.current);
    const answers = await Promise.all(
      others.map((one: { id: string }) => fetch(`/api/v1/auth/sessions/${one.id}`, { method: "DELETE" })),
    );
    return answers.map(({ status }) => status);
  });
  expect(ended).toContain(204);
  await expect(async () => {
    await page.goto(`/guilds/${harbour.id}`);
    await expect(page).toHaveURL(/\/login/, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 }); // the API may take 5 s to know everywhere
  await elsewhere.close();
});
