import { expect, harbour, order, simulate, test } from "./world";

test("a bot that stops is shown as offline on the open page, and as online when it is back", async ({
  mara,
  request,
}) => {
  await mara.goto(`/guilds/${harbour.id}`);
  const health = mara.getByRole("region", { name: "Health" });
  await expect(health.getByText("Bot online")).toBeVisible();
  await order(request, "bot", "stop");
  try {
    await expect(health.getByText(/Bot offline/)).toBeVisible({ timeout: 40_000 });
    await expect(mara.getByText("The bot is offline")).toBeVisible();
    await expect(mara.getByRole("region", { name: "Latest posts" }).getByRole("link").first()).toBeVisible();
  } finally {
    await order(request, "bot", "start");
  }
  await expect(health.getByText("Bot online")).toBeVisible({ timeout: 40_000 });
  await expect(mara.getByText("The bot is offline")).toHaveCount(0);
});

test("when the API is away the page keeps what was seen, also after a reload, and heals by itself", async ({
  mara,
  request,
}) => {
  test.setTimeout(120_000);
  await mara.goto(`/guilds/${harbour.id}`);
  const posts = mara.getByRole("region", { name: "Latest posts" }).getByRole("link", { name: /a washed lot/ });
  await expect(posts.first()).toBeVisible();
  await mara.waitForTimeout(2_500); // what is on screen is stored within a second or two
  const stale = mara.getByText(/^Stale, as of /);
  await expect(stale).toHaveCount(0);
  await order(request, "api", "kill");
  try {
    await expect(stale).toBeVisible({ timeout: 45_000 });
    await expect(posts.first()).toBeVisible();
    await mara.reload();
    await expect(posts.first()).toBeVisible();
    await expect(stale).toBeVisible();
    await expect(mara.getByRole("heading", { level: 1, name: harbour.name })).toBeVisible();
  } finally {
    await order(request, "api", "start");
  }
  await expect(stale).toHaveCount(0, { timeout: 45_000 });
  await expect(posts.first()).toBeVisible();
});

test("a post that comes between the reading of a list and the opening of the stream is shown when that is open", async ({
  mara,
  request,
}) => {
  let open = () => {};
  const mayOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  await mara.route("**/status/stream", async (route) => {
    await mayOpen;
    await route.continue();
  });
  await mara.goto(`/guilds/${harbour.id}/tracking/posts`);
  const table = mara.getByRole("table", { name: "Posts" });
  await expect(table.getByRole("link", { name: /a washed lot/ }).first()).toBeVisible();
  const sources = (await simulate(request, "sources.list", {})) as { key: string; address: string }[];
  const source = sources.find(({ address }) => address.endsWith("/feeds/roast.xml"))?.key;
  const title = "Between the list and the stream";
  await simulate(request, "posts.publish", { source, title, publishedAt: new Date().toISOString() });
  const posts = `/api/v1/guilds/${harbour.id}/posts?limit=5`;
  await expect
    .poll(async () => (await mara.request.get(posts)).text(), { timeout: 30_000, intervals: [500] })
    .toContain(title);
  await expect(table.getByRole("link", { name: title })).toHaveCount(0);
  open();
  await expect(table.getByRole("link", { name: title })).toBeVisible(); // the list by itself asks once a minute
});

test("events of the live stream pass through the dashboard's server as they happen", async ({ mara, request }) => {
  await mara.goto(`/guilds/${harbour.id}`);
  const states = mara.evaluate(
    (address) =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        const stream = new EventSource(address);
        stream.addEventListener("status", (event) => {
          const { status } = JSON.parse(event.data).bot;
          if (seen.at(-1) !== status) {
            seen.push(status);
          }
          if (seen.length === 2) {
            stream.close();
            resolve(seen);
          }
        });
      }),
    `/api/v1/guilds/${harbour.id}/status/stream`,
  );
  await mara.waitForTimeout(1_000); // the first event says online
  await order(request, "bot", "stop");
  try {
    expect(await states).toEqual(["online", "offline"]);
  } finally {
    await order(request, "bot", "start");
  }
});
