import type { APIRequestContext, Page } from "@playwright/test";
import { expect, fieldNotes, harbour, planned, sellByStripe, signIn, test } from "./world";

test.describe.configure({ mode: "serial" }); // each goes on where the one before has left the plan

const page = `/guilds/${fieldNotes.id}/plan`;
const bought = { sub: "sub_browser", customer: "cus_browser" };

/** The tenant as the link to the checkout names it. */
async function tenantOf(mara: Page): Promise<string> {
  const href = await mara.getByRole("link", { name: /Get Pro/ }).getAttribute("href");
  return new URL(href ?? "").searchParams.get("client_reference_id") ?? "";
}

const subscription = (request: APIRequestContext, kind: string, status: string, created: number) =>
  sellByStripe(request, `customer.subscription.${kind}`, created, {
    ...{ id: bought.sub, customer: bought.customer, status },
    items: { data: [{ price: { id: "price_pro", product: "prod_1" } }] },
  });

test("a manager sees the free plan used up, and where to buy a larger one", async ({ mara, request }) => {
  await planned(request, "fill");
  await mara.goto(page);
  await expect(mara.getByRole("heading", { level: 1, name: "Plan" })).toBeVisible();
  await expect(mara.getByRole("meter", { name: "Accounts" })).toHaveAttribute("aria-valuetext", "13 of 10");
  await expect(mara.getByText("Used up.").first()).toBeVisible();
  await expect(mara.getByRole("link", { name: /Get Pro/ })).toHaveAttribute(
    "href",
    /^https:\/\/buy\.stripe\.test\/pro\?client_reference_id=/,
  );
});

test("what is bought holds at once", async ({ mara, request }) => {
  await mara.goto(page);
  await sellByStripe(request, "checkout.session.completed", 1, {
    ...{ mode: "subscription", customer: bought.customer, subscription: bought.sub },
    client_reference_id: await tenantOf(mara),
  });
  await subscription(request, "created", "active", 1);
  await mara.reload();
  await expect(mara.getByRole("heading", { name: /Your plan Pro/ })).toBeVisible();
  await expect(mara.getByText(/Paid by card, since/)).toBeVisible();
  await expect(mara.getByRole("meter", { name: "Accounts" })).toHaveAttribute("aria-valuetext", "13 of 250");
});

test("a step down shows the grace and the accounts that its end pauses, to managers and in the accounts", async ({
  mara,
  request,
}) => {
  await subscription(request, "deleted", "canceled", 2);
  await mara.goto(page);
  const grace = mara.getByRole("region", { name: /left on the limits of Pro/ });
  await expect(grace).toBeVisible();
  await expect(grace.getByText(/10 d left/)).toBeVisible();
  const names = grace.getByRole("list", { name: "Accounts that will be paused" }).getByRole("listitem");
  await expect(names).toHaveText(["Paper 11", "Paper 12", "Paper 13"]);
  await expect(grace.getByText("Posts older than 90 days are deleted then.")).toBeVisible();
  await mara.goto(`/guilds/${fieldNotes.id}/tracking/accounts`);
  await expect(mara.getByText("3 accounts will be paused when the grace of the Free plan is over.")).toBeVisible();
});

test("after the grace the newest accounts rest, and go on with the larger plan", async ({ mara, request }) => {
  test.slow();
  await planned(request, "end");
  await expect(async () => {
    await mara.goto(page);
    await expect(mara.getByRole("region", { name: "3 accounts paused by the plan" })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  const names = mara.getByRole("list", { name: "Paused accounts" }).getByRole("listitem");
  await expect(names).toHaveText(["Paper 11", "Paper 12", "Paper 13"]);
  await expect(mara.getByRole("meter", { name: "Accounts" })).toHaveAttribute("aria-valuetext", "10 of 10");
  await mara.getByRole("link", { name: "Show them" }).click();
  await expect(mara.getByText("Over the plan").first()).toBeVisible();

  await subscription(request, "created", "active", 1); // an old event once more: nothing comes of it
  await mara.goto(page);
  await expect(mara.getByRole("heading", { name: /Your plan Free/ })).toBeVisible();
  bought.sub = "sub_browser_again";
  await subscription(request, "created", "active", 3);
  await expect(async () => {
    await mara.goto(page);
    await expect(mara.getByRole("heading", { name: /Your plan Pro/ })).toBeVisible({ timeout: 2_000 });
    await expect(mara.getByRole("region", { name: /paused by the plan/ })).toHaveCount(0, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(mara.getByRole("meter", { name: "Accounts" })).toHaveAttribute("aria-valuetext", "13 of 250");
});

test("a member sees the plan and not where to buy", async ({ page: noor }) => {
  await signIn(noor, "noor");
  await noor.goto(`/guilds/${harbour.id}/plan`);
  await expect(noor.getByText("Managers of this server can change the plan.")).toBeVisible();
  await expect(noor.getByRole("link", { name: /Get Pro/ })).toHaveCount(0);
});
