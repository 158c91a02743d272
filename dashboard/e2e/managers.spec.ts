import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, fieldNotes, harbour, signIn, simulate, test } from "./world";

const guild = `/guilds/${harbour.id}`;
const manageServer = "32"; // Discord API docs: Permissions, MANAGE_GUILD

/** Gives Noor a role that may manage the server, for the time of a test; take is what Discord does when it is taken away. */
async function promote(request: APIRequestContext): Promise<{ take: () => Promise<void>; undo: () => Promise<void> }> {
  const users = (await simulate(request, "users.list", {})) as { id: string; username: string }[];
  const userId = users.find(({ username }) => username === "noor")?.id ?? "";
  const role = (await simulate(request, "roles.add", {
    guildId: harbour.id,
    name: "Editors",
    permissions: manageServer,
  })) as { id: string };
  await simulate(request, "members.add", { guildId: harbour.id, userId, roles: [role.id] });
  return {
    take: async () => {
      await simulate(request, "roles.permissions", { guildId: harbour.id, roleId: role.id, permissions: "0" });
    },
    undo: async () => {
      await simulate(request, "members.add", { guildId: harbour.id, userId, roles: [] });
      await simulate(request, "roles.delete", { guildId: harbour.id, roleId: role.id });
    },
  };
}

const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();
const colour = (page: Page) => page.getByRole("textbox", { name: "Colour of messages" });
const language = (page: Page) => page.getByRole("textbox", { name: "Language and region" });
const saved = (page: Page) => expect(page.getByText("The settings are saved").first()).toBeVisible();

async function settingsOf(page: Page): Promise<{ embedColor: string; locale: string }> {
  const answer = await page.evaluate(async (id) => (await fetch(`/api/v1/guilds/${id}`)).json(), harbour.id);
  return answer.settings;
}

test("two managers who edit at once lose nothing, whichever way out they take, and one who is demoted changes nothing", async ({
  mara,
  browser,
  request,
}) => {
  test.slow();
  const noors = await promote(request);
  const context = await browser.newContext();
  try {
    const noor = await context.newPage();
    await signIn(noor, "noor");
    for (const page of [mara, noor]) {
      await page.goto(`${guild}/settings`);
      await expect(colour(page)).toBeEnabled();
    }
    const before = await settingsOf(mara);
    // Noor saves first; Mara changes the same and something else, and keeps hers: Noor's other change stays.
    await colour(noor).fill("#111111");
    await language(noor).fill("de");
    await save(noor);
    await saved(noor);
    await colour(mara).fill("#222222");
    await save(mara);
    const conflict = mara.getByRole("dialog", { name: "Somebody else saved first" });
    await expect(conflict.getByRole("row", { name: "Colour of messages #222222 #111111" })).toBeVisible();
    await conflict.getByRole("button", { name: "Keep mine" }).click();
    await saved(mara);
    expect(await settingsOf(mara)).toMatchObject({ embedColor: "#222222", locale: "de" });
    await expect(language(mara)).toHaveValue("de");
    // Noor's page still holds what Noor saved; this time Noor gives way.
    await colour(noor).fill("#333333");
    await save(noor);
    const other = noor.getByRole("dialog", { name: "Somebody else saved first" });
    await other.getByRole("button", { name: "Take theirs" }).click();
    await expect(colour(noor)).toHaveValue("#222222");
    expect(await settingsOf(mara)).toMatchObject({ embedColor: "#222222", locale: "de" });

    // Discord takes the right away: the next save is refused, says why, and the form is read-only from then on.
    await noors.take();
    await colour(noor).fill("#444444");
    await save(noor);
    await expect(noor.getByText("Changes need the Manage Server permission in this guild.").first()).toBeVisible();
    await expect(noor.getByText("You may look at the settings.")).toBeVisible();
    await expect(colour(noor)).toBeDisabled();
    expect((await settingsOf(mara)).embedColor).toBe("#222222");

    await mara.goto(`${guild}/settings`);
    await colour(mara).fill(before.embedColor);
    await language(mara).fill(before.locale);
    await save(mara);
    await saved(mara);
    await mara.goto(`${guild}/audit?target=settings`);
    const entry = mara.getByRole("listitem").filter({ hasText: "Settings: updated" }).first();
    await entry.locator("summary").click();
    await expect(entry.locator("del", { hasText: "#222222" })).toBeVisible();
    await expect(entry.locator("ins", { hasText: before.embedColor })).toBeVisible();
    await entry.getByRole("button", { name: "Only by mara" }).click();
    await expect(mara).toHaveURL(/actor=\d{17,20}/);
    await expect(mara.getByRole("listitem").filter({ hasText: "noor" })).toHaveCount(0);
  } finally {
    await noors.undo();
    await context.close();
  }
});

/** What a page may ask of the API with the person's session: the status and the problem's code. */
async function attempt(page: Page, method: string, path: string, body?: object): Promise<[number, string]> {
  return page.evaluate(
    async ([url, verb, sent]) => {
      const answer = await fetch(url, {
        method: verb,
        ...(sent && { body: sent, headers: { "content-type": "application/json", "if-match": 'W/"v1.x"' } }),
      });
      return [answer.status, answer.ok ? "" : (await answer.json()).code];
    },
    [`/api/v1${path}`, method, body ? JSON.stringify(body) : ""] as const,
  );
}

test("a member's calls to change something are refused, and no page offers any", async ({ page }) => {
  await signIn(page, "noor");
  const id = "01935a3a-7e1c-7c5e-8d50-3f1f9d1b2c3d";
  for (const [method, path, body] of [
    ["PUT", "/settings", { timezone: "UTC" }],
    ["POST", "/brands", { name: "B" }],
    ["POST", "/accounts", { platform: "auto", url: "https://example.org", groupId: id }],
    ["PATCH", `/accounts/${id}`, { paused: true }],
    ["DELETE", `/accounts/${id}`],
    ["POST", "/routes", { brandId: id, channelId: "500000000000000001" }],
    ["PATCH", `/routes/${id}`, { paused: true }],
    ["POST", "/exports", { kind: "posts", format: "csv" }],
    ["DELETE", `/exports/${id}`],
    ["POST", "/api-keys", { name: "K", scopes: ["read"] }],
    ["POST", "/shares", { brandId: id }],
    ["POST", "/deletion", { confirm: harbour.name }],
    ["DELETE", "/deletion"],
  ] as const) {
    expect(await attempt(page, method, guild + path, body), `${method} ${path}`).toEqual([403, "forbidden"]);
  }
  expect(await attempt(page, "GET", `${guild}/audit`)).toEqual([200, ""]); // read like all else, but offered to managers
  await page.goto(`${guild}/audit`);
  await expect(page.getByText("Only for those who manage the server")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.goto(`${guild}/data`);
  await expect(page.getByText("Only for those who manage the server")).toBeVisible();
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("navigation").getByRole("link", { name: "Data", exact: true })).toHaveCount(0);
  await page.goto(`${guild}/settings`);
  await expect(page.getByText("You may look at the settings.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await expect(colour(page)).toBeDisabled();
});

test("the log is narrowed to one kind of change, by a press and by its address", async ({ mara }) => {
  await mara.goto(`${guild}/audit`);
  expect(await attempt(mara, "POST", `${guild}/brands`, { name: "Passing" })).toEqual([201, ""]);
  const brands = await mara.evaluate(async (id) => (await fetch(`/api/v1/guilds/${id}/brands`)).json(), harbour.id);
  const brand = brands.items.find(({ name }: { name: string }) => name === "Passing");
  expect(await attempt(mara, "DELETE", `${guild}/brands/${brand.id}`)).toEqual([204, ""]);

  await mara.reload();
  const entries = mara.getByRole("region", { name: "Entries" }).getByRole("listitem");
  const deleted = entries.filter({ hasText: "Brand: deleted" });
  await deleted.first().locator("summary").click();
  await mara.getByRole("button", { name: "Only “Brand: deleted”" }).click();
  await expect(mara).toHaveURL(/action=brand\.deleted/);
  await expect(entries.filter({ hasNotText: "Brand: deleted" })).toHaveCount(0);
  await expect(deleted.first()).toContainText("Passing");
  await mara.reload();
  await expect(deleted.first()).toBeVisible();
  await expect(entries.filter({ hasNotText: "Brand: deleted" })).toHaveCount(0);
  await mara.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(entries.filter({ hasText: "Brand: created" }).first()).toBeVisible();
});

test("the plan's limit is explained where it bites", async ({ mara }) => {
  await mara.goto(`/guilds/${fieldNotes.id}/tracking/accounts`);
  const room = await mara.evaluate(async (id) => {
    const { counts, limits } = await (await fetch(`/api/v1/guilds/${id}`)).json();
    return limits.brands - counts.brands;
  }, fieldNotes.id);
  for (let n = 0; n < room; n++) {
    expect(await attempt(mara, "POST", `/guilds/${fieldNotes.id}/brands`, { name: `Full ${n}` })).toEqual([201, ""]);
  }
  await mara.reload();
  await mara.getByRole("button", { name: "Track an account" }).first().click();
  const dialog = mara.getByRole("dialog", { name: "Track an account" });
  await dialog.getByRole("combobox", { name: "Brand" }).click();
  await mara.getByRole("option", { name: "New brand…" }).click();
  await dialog.getByRole("textbox", { name: "Brand's name" }).fill("One too many");
  await dialog.getByRole("textbox", { name: "Group's name" }).fill("Own");
  await dialog.getByRole("button", { name: "Add group" }).click();
  await expect(dialog.getByText(/free plan/i)).toBeVisible();
  const brands = await mara.evaluate(async (id) => (await fetch(`/api/v1/guilds/${id}/brands`)).json(), fieldNotes.id);
  for (const { id, name } of brands.items) {
    if (name.startsWith("Full ")) await attempt(mara, "DELETE", `/guilds/${fieldNotes.id}/brands/${id}`);
  }
});
