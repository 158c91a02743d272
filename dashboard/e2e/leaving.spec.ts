import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { clickThroughSignIn, expect, fieldNotes, signIn, test } from "./world";

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
}

test("a manager takes everything of a server, plans its deletion by name and undoes it", async ({ mara, problems }) => {
  await mara.goto(`/guilds/${fieldNotes.id}/data`);
  await mara.getByRole("button", { name: "Make an archive" }).click();
  const archive = mara.getByRole("list", { name: "Archives" }).getByTestId("export").first();
  await expect(archive.getByText("Ready")).toBeVisible({ timeout: 30_000 });
  const download = mara.waitForEvent("download");
  await archive.getByRole("link", { name: /^Download Archive/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^trackbot-archive-.*\.zip$/);
  const bytes = await readFile(await file.path());
  expect(bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
  expect(bytes.includes("manifest.json") && bytes.includes("audit_log.jsonl")).toBe(true);
  expect(await violations(mara)).toEqual([]);

  await mara.getByRole("button", { name: "Delete everything", exact: true }).click();
  const dialog = mara.getByRole("dialog", { name: `Delete everything of ${fieldNotes.name}?` });
  const confirm = dialog.getByRole("button", { name: "Delete everything" });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Name of the server" }).fill("Something else");
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Name of the server" }).fill(fieldNotes.name);
  expect(await violations(mara)).toEqual([]);
  await confirm.click();
  await expect(mara.getByRole("heading", { name: "Everything will be deleted" })).toBeVisible();
  await expect(mara.getByText(/Asked for by you/)).toBeVisible();
  await mara.reload();
  await mara.getByRole("button", { name: "Keep the data" }).click();
  await expect(mara.getByRole("heading", { name: "Delete everything", exact: true })).toBeVisible();
  await mara.goto(`/guilds/${fieldNotes.id}/audit?target=guild`);
  await expect(mara.getByText("Server: deletion cancelled", { exact: true })).toBeVisible();
  await expect(mara.getByText("Server: deletion scheduled", { exact: true })).toBeVisible();
  await mara.goto(`/guilds/${fieldNotes.id}/exports`);
  await mara
    .getByTestId("export")
    .first()
    .getByRole("button", { name: /^Delete Archive/ })
    .click();
  await mara.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(mara.getByText("No exports yet")).toBeVisible();
  expect(problems).toEqual([]);
});

test("a person sees and takes what is held of them, deletes the account by name, and can come back", async ({
  page,
  context,
}) => {
  await signIn(page, "otto");
  await page.getByRole("button", { name: /otto/i }).first().click();
  await page.getByRole("menuitem", { name: "Your data" }).click();
  await expect(page.getByText(/^otto/).first()).toBeVisible();
  await expect(page.getByText(/\d+ sessions? with address and browser/)).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download (JSON)" }).click();
  const taken = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(taken.profile.username).toBe("otto");
  expect(taken.sessions.length).toBeGreaterThan(0);
  expect(await violations(page)).toEqual([]);

  const other = await context.newPage();
  await other.goto("/");
  await page.getByRole("button", { name: "Delete account" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await dialog.getByRole("textbox", { name: "Your user name" }).fill("otto");
  await dialog.getByRole("button", { name: "Delete account" }).click();
  const goodbye = page.getByRole("dialog", { name: "Your account is deleted" });
  await expect(goodbye.getByText("Discord has taken back what you allowed Trackbot.")).toBeVisible();
  await goodbye.getByRole("button", { name: "Close" }).first().click();
  await expect(page).toHaveURL(/\/login/);
  await expect(other).toHaveURL(/\/login/);
  const session = "__Host-tb_session";
  expect((await context.cookies()).filter(({ name }) => name === session)).toEqual([]);
  await clickThroughSignIn(page, "otto");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goto("/account/data");
  await expect(page.getByText("1 session with address and browser", { exact: false })).toBeVisible();
});
