import { elsewhere, expect, fieldNotes, harbour, signIn, test } from "./world";

test("the list of servers shows those of the person and no other", async ({ mara }) => {
  await mara.goto("/");
  const main = mara.getByRole("main");
  await expect(main.getByRole("link", { name: harbour.name })).toBeVisible();
  await expect(main.getByRole("link", { name: fieldNotes.name })).toBeVisible();
  await expect(main.getByText(elsewhere.name)).toHaveCount(0);
  await main.getByRole("searchbox").fill("field");
  await expect(main.getByRole("link", { name: harbour.name })).toHaveCount(0);
  await expect(main.getByRole("link", { name: fieldNotes.name })).toBeVisible();
});

test("a member sees the one server they are in", async ({ page }) => {
  await signIn(page, "noor");
  const main = page.getByRole("main");
  await expect(main.getByRole("link", { name: harbour.name })).toBeVisible();
  await expect(main.getByText(fieldNotes.name)).toHaveCount(0);
  await expect(main.getByText(elsewhere.name)).toHaveCount(0);
});

test("a server of others and one that does not exist look the same", async ({ mara }) => {
  const pages: string[] = [];
  for (const id of [elsewhere.id, "499999999999999999"]) {
    await mara.goto(`/guilds/${id}`);
    await expect(mara.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(mara.getByText(elsewhere.name)).toHaveCount(0);
    pages.push((await mara.getByRole("heading", { level: 1 }).textContent()) ?? "");
  }
  expect(pages[0]).toBe(pages[1]);
});

test("the overview tells plan, figures, health and latest posts", async ({ mara, problems }) => {
  await mara.goto(`/guilds/${harbour.id}`);
  await expect(mara.getByRole("heading", { level: 1, name: harbour.name })).toBeVisible();
  const figures = mara.getByRole("region", { name: "Last 7 days" });
  await expect(figures.getByText("New posts").first()).toBeVisible();
  await expect(mara.getByRole("region", { name: "Health" }).getByText("Bot online")).toBeVisible();
  await expect(
    mara
      .getByRole("region", { name: "Latest posts" })
      .getByRole("link", { name: /a washed lot/ })
      .first(),
  ).toBeVisible();
  expect(problems).toEqual([]);
});

test("accounts show what is tracked, and filters stay in the address", async ({ mara, problems }) => {
  await mara.goto(`/guilds/${harbour.id}/tracking/accounts`);
  const table = mara.getByRole("table", { name: "Accounts" });
  for (const name of ["The roast\\b", "The roastery.example", "The barista"]) {
    await expect(table.getByRole("row", { name: new RegExp(name) })).toBeVisible();
  }
  await mara.getByRole("searchbox", { name: "Search accounts" }).fill("barista");
  await expect(table.getByRole("row", { name: /The roast\b/ })).toHaveCount(0);
  await expect(mara).toHaveURL(/[?&]q=barista/);
  await mara.reload();
  await expect(table.getByRole("row", { name: /The barista/ })).toBeVisible();
  await expect(table.getByRole("row", { name: /The roast\b/ })).toHaveCount(0);
  expect(problems).toEqual([]);
});

test("posts show what was published, and one opens with its history and its way to Discord", async ({
  mara,
  problems,
}) => {
  await mara.goto(`/guilds/${harbour.id}/tracking/posts?platform=rss`);
  const table = mara.getByRole("table", { name: "Posts" });
  await expect(table.getByRole("row", { name: /roast a washed/ }).first()).toBeVisible();
  await expect(table.getByRole("row", { name: /roastery/ })).toHaveCount(0);
  await table.getByRole("link", { name: /roast a washed lot from Huila, part A/ }).click();
  await expect(mara).toHaveURL(/\/tracking\/posts\/[0-9a-f-]{36}/);
  await expect(mara.getByRole("heading", { level: 1 })).toContainText("a washed lot from Huila, part A");
  expect(problems).toEqual([]);
});
