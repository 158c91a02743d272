import { readFile } from "node:fs/promises";
import { expect, harbour, signIn, test } from "./world";

test.describe.configure({ mode: "serial" }); // the second sees what the first has left

test("a manager exports what the list shows, sees it made and takes the file", async ({ mara }) => {
  await mara.goto(`/guilds/${harbour.id}/tracking/posts?platform=bluesky`);
  await mara.getByRole("button", { name: "Export" }).click();
  const dialog = mara.getByRole("dialog", { name: "Export posts" });
  await expect(dialog.getByText("platform bluesky")).toBeVisible();
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog).toHaveCount(0);
  await mara.goto(`/guilds/${harbour.id}/exports`);
  const made = mara.getByTestId("export").first();
  await expect(made.getByText("Ready")).toBeVisible({ timeout: 30_000 });
  const download = mara.waitForEvent("download");
  await made.getByRole("link", { name: /Download Posts/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^trackbot-posts-.*\.csv$/);
  const [head, ...rows] = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(head).toContain("published_at");
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every((row) => row.includes(",bluesky,"))).toBe(true);

  await mara.goto(`/guilds/${harbour.id}/audit`);
  await expect(mara.getByText("Export: downloaded").first()).toBeVisible();
  await mara.getByText("Export: requested").first().click();
  await expect(mara.getByText(/platform bluesky/).first()).toBeVisible();

  await mara.goto(`/guilds/${harbour.id}/exports`);
  await made.getByRole("button", { name: /Delete Posts/ }).click();
  await mara.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(mara.getByText("No exports yet")).toBeVisible();
});

test("a member may take files and orders none", async ({ page }) => {
  await signIn(page, "noor");
  await page.goto(`/guilds/${harbour.id}/exports`);
  await expect(page.getByText("No exports yet")).toBeVisible();
  await expect(page.getByRole("button", { name: /New export/ })).toHaveCount(0);
  await page.goto(`/guilds/${harbour.id}/tracking/posts`);
  await expect(page.getByRole("heading", { level: 1, name: "Posts" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Export" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Audit log" })).toHaveCount(0);
});
