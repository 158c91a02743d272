import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, harbour, signIn, simulate, test } from "./world";

const guild = `/guilds/${harbour.id}`;

async function pickFirst(page: Page, label: string): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { disabled: false }).first().click();
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
}

test("a manager makes a route beside its preview, pauses, resumes and deletes it", async ({ mara, problems }) => {
  await mara.goto(`${guild}/routes`);
  await expect(mara.getByText("No routes yet")).toBeVisible();
  await mara.getByRole("button", { name: "New route" }).click();
  const dialog = mara.getByRole("dialog", { name: "New route" });
  await pickFirst(mara, "Channel");
  const text = dialog.getByRole("textbox", { name: "Text above the post" });
  await text.fill("**Fresh** from ");
  await dialog.getByRole("button", { name: "{platform}" }).click();
  await expect(text).toHaveValue("**Fresh** from {platform}");
  await expect(dialog.getByTestId("preview-message")).toContainText(/Fresh from (RSS|Bluesky|YouTube)/);
  await expect(dialog.getByText("Would be sent")).toBeVisible();
  await text.fill("{titel}");
  await expect(dialog.getByText("{titel} is not known.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Make route" })).toBeDisabled();
  await text.fill("New on {platform}");
  await dialog.getByRole("textbox", { name: "Only with these words" }).fill("no post has this");
  await expect(dialog.getByText("Would not be sent")).toBeVisible();
  expect(await violations(mara)).toEqual([]);
  await dialog.getByRole("button", { name: "Make route" }).click();
  await expect(dialog).toBeHidden();

  const route = mara.getByTestId("route");
  await expect(route).toContainText("no post has this");
  await expect(route).not.toContainText(/\d{17}/);
  await route.getByRole("button", { name: /^Actions/ }).click();
  await mara.getByRole("menuitem", { name: "Pause" }).click();
  await expect(route.getByText("Paused", { exact: true })).toBeVisible();
  await route.getByRole("button", { name: "Resume" }).click();
  await expect(route.getByText("Active")).toBeVisible();
  await mara.reload();
  await expect(route.getByText("Active")).toBeVisible();
  await route.getByRole("button", { name: /^Actions/ }).click();
  await mara.getByRole("menuitem", { name: "Delete" }).click();
  await mara.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(mara.getByText("No routes yet")).toBeVisible();
  expect(problems).toEqual([]);
});

test("a key is shown once, works, and is refused when it is revoked", async ({ mara, request }) => {
  await mara.goto(`${guild}/keys`);
  await mara.getByRole("button", { name: "New key" }).click();
  await mara.getByRole("textbox", { name: "Name" }).fill("Nightly report");
  await mara.getByRole("button", { name: "Make key" }).click();
  const secret = (await mara.getByRole("region", { name: "Key", exact: true }).locator("pre").textContent()) ?? "";
  const example = (await mara.getByRole("region", { name: "Try it" }).locator("pre").textContent()) ?? "";
  expect(example).toContain(secret);
  const address = /'(http[^']+)'/.exec(example)?.[1] ?? "";
  const headers = { authorization: `Bearer ${secret}` };
  expect((await request.get(address, { headers })).status()).toBe(200);
  expect(await violations(mara)).toEqual([]);
  await mara.getByRole("button", { name: "Done" }).click();
  await expect(mara.getByText(secret)).toHaveCount(0);

  const key = mara.getByTestId("api-key").filter({ hasText: "Nightly report" });
  await expect(key).toContainText("by you");
  await mara.reload();
  await key.getByRole("button", { name: "Revoke Nightly report" }).click();
  await mara.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(key).toHaveCount(0);
  expect((await request.get(address, { headers })).status()).toBe(401);
});

test("a shared scorecard opens signed out, and not after it is revoked", async ({ mara, browser }) => {
  await mara.goto(`${guild}/shares`);
  await mara.getByRole("button", { name: "Share a brand" }).click();
  await mara.getByRole("button", { name: "Make link" }).click();
  const url = (await mara.getByTestId("share-url").textContent()) ?? "";
  await mara.getByRole("button", { name: "Done" }).click();

  const stranger = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await stranger.goto(url);
  await expect(stranger.getByText(harbour.name)).toBeVisible();
  await expect(stranger.getByRole("region", { name: "Figures" })).toBeVisible();
  await expect(stranger.getByRole("table", { name: /Accounts/ }).getByRole("row", { name: /barista/ })).toBeVisible();
  await expect(stranger.locator("meta[name=robots]")).toHaveAttribute("content", /noindex/);
  const overflow = () =>
    stranger.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect(await violations(stranger)).toEqual([]);

  await mara
    .getByTestId("share")
    .getByRole("button", { name: /^Revoke/ })
    .click();
  await mara.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(mara.getByText("Nothing is shared")).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await stranger.context().close();
});

test("an import with a bad line tells of it and takes the rest", async ({ mara }) => {
  await mara.goto(`${guild}/tracking/accounts`);
  await mara.getByRole("button", { name: "Import and export OPML" }).click();
  await mara.getByRole("menuitem", { name: "Import CSV or OPML" }).click();
  const dialog = mara.getByRole("dialog");
  const feed = `${process.env.SIM_URL}/feeds/roast.xml`;
  const opml = `<opml version="2.0"><body>\n<outline text="Roast" xmlUrl="${feed}"/>\n<outline text="Bad" xmlUrl="not an address"/>\n</body></opml>`;
  await dialog
    .getByLabel("File to import")
    .setInputFiles({ name: "feeds.opml", mimeType: "text/x-opml", buffer: Buffer.from(opml) });
  await dialog.getByRole("button", { name: "Import OPML" }).click();
  await expect(dialog.getByText("0 tracked, 1 there already, 1 failed.")).toBeVisible();
  const lines = dialog.getByRole("table", { name: "Lines of the import" });
  await expect(lines.getByRole("row", { name: /not an address/ })).toBeVisible();
  expect(await violations(mara)).toEqual([]);
  const download = mara.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download failed lines" }).click();
  expect((await download).suggestedFilename()).toBe("failed-lines-of-opml.csv");
  await dialog.getByRole("button", { name: "All 2" }).click();
  await expect(lines.getByRole("row", { name: /There already/ })).toBeVisible();
});

test("a table is imported: the new is tracked, the known stays, a bad line can be taken away and corrected", async ({
  mara,
  request,
}) => {
  await simulate(request, "sources.add", { platform: "feed", name: "by-table", title: "The by-table" });
  const feed = (name: string) => `${process.env.SIM_URL}/feeds/${name}.xml`;
  const csv = `url\n${feed("by-table")}\n${feed("roast")}\nnot an address\n`;
  await mara.goto(`${guild}/tracking/accounts`);
  await mara.getByRole("button", { name: "Import and export OPML" }).click();
  await mara.getByRole("menuitem", { name: "Import CSV or OPML" }).click();
  const dialog = mara.getByRole("dialog");
  await dialog
    .getByLabel("File to import")
    .setInputFiles({ name: "feeds.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await dialog.getByRole("button", { name: "Import CSV" }).click();
  await expect(dialog.getByText("1 tracked, 1 there already, 1 failed.")).toBeVisible({ timeout: 30_000 });
  const download = mara.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download failed lines" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("failed-lines.csv");
  expect(await readFile(await file.path(), "utf8")).toBe("url\nnot an address\n");
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = mara.getByRole("table", { name: "Accounts" }).getByRole("row", { name: /The by-table/ });
  await expect(row).toBeVisible();

  await row.getByRole("checkbox").click();
  const bar = mara.getByRole("region", { name: "Selected accounts" });
  await expect(bar.getByRole("button", { name: "Resume" })).toBeDisabled();
  await bar.getByRole("button", { name: "Move" }).click();
  const move = mara.getByRole("dialog", { name: "Move 1 account" });
  await move.getByRole("button", { name: "New" }).click();
  await move.getByLabel("Group's name").fill("Newsletters");
  await move.getByRole("button", { name: "Add group" }).click();
  expect(await violations(mara)).toEqual([]);
  await move.getByRole("button", { name: "Move 1" }).click();
  await expect(row.getByText("Newsletters")).toBeVisible();
  await expect(bar).toHaveCount(0);
  await expect(mara.locator("#content")).toBeFocused();
  await mara.getByRole("button", { name: "Undo" }).click();
  await expect(mara.getByText("1 account as before")).toBeVisible();
  await expect(row.getByText("Newsletters")).toHaveCount(0);

  await row.getByRole("button", { name: /^Actions/ }).click();
  await mara.getByRole("menuitem", { name: "Stop tracking" }).click();
  await mara.getByRole("alertdialog").getByRole("button", { name: "Stop tracking" }).click();
  await expect(row).toHaveCount(0);
});

test("a member who may only read sees what is there and no button to change it", async ({ page }) => {
  await signIn(page, "noor");
  for (const [path, title] of [
    ["routes", "No routes yet"],
    ["shares", "Nothing is shared"],
    ["keys", "Only for those who manage the server"],
    ["audit", "Only for those who manage the server"],
  ]) {
    await page.goto(`${guild}/${path}`);
    await expect(page.getByText(title ?? "")).toBeVisible();
    await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  }
  await expect(page.getByRole("navigation").getByRole("link", { name: "API keys" })).toHaveCount(0);
  await page.goto(`${guild}/tracking/accounts`);
  await expect(page.getByRole("table", { name: "Accounts" })).toBeVisible();
  await expect(page.getByRole("button", { name: /Import|Track an account/ })).toHaveCount(0);
});
