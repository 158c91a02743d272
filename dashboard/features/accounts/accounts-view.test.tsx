import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { StaleBar } from "@/components/data/stale-bar";
import type { Check } from "@/lib/query/connection";
import { giveLayout, renderPage, serve } from "@/test/page";
import { anAccount } from "@/test/rows";
import { AccountsView } from "./accounts-view";

beforeEach(giveLayout);

const at = "2026-11-22T10:00:00.000Z";
const list = (items: object[]) => ({ items, nextCursor: null, asOf: at });
const accounts = [
  anAccount({ id: "a", displayName: "Alpha", followers: 20, platform: "mastodon" }),
  anAccount({ id: "b", displayName: "Beta", followers: null, platform: "rss" }),
  anAccount({ id: "c", displayName: "Gamma", followers: 300, state: "failing", stateReason: "Answers 500" }),
];

function world(
  change: { canManage?: boolean; items?: object[]; status?: () => number | undefined; add?: () => Response } = {},
) {
  const { canManage = true, items = accounts, status = () => undefined, add = () => Response.error() } = change;
  const guild = { id: "1", canManage, attention: [], limits: { accounts: 10 }, counts: { accounts: items.length } };
  return serve({
    "GET /accounts": () => status() ?? list(items),
    "POST /accounts": add,
    "GET ": () => status() ?? guild,
    "GET /brands": list([{ id: "b1", name: "Coffee", createdAt: at }]),
    "GET /groups": list([{ id: "g1", brandId: "b1", name: "Rivals", createdAt: at }]),
    "GET /channels": list([]),
    "GET /posts": list([]),
  });
}

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole("button")[0]
        ?.textContent?.replace(/.*(Alpha|Beta|Gamma).*/, "$1"),
    );

describe("the page of accounts", () => {
  it("shows each account with its state, the reason and its place", async () => {
    world();
    renderPage(<AccountsView guildId="1" />);
    const row = (await screen.findByText("Gamma")).closest('[role="row"]') as HTMLElement;
    expect(within(row).getByText("Failing")).toBeVisible();
    expect(within(row).getByText("Answers 500")).toBeVisible();
    expect(within(row).getByText("Rivals")).toBeVisible();
    expect(within(row).getByText("300")).toBeVisible();
    expect(screen.getByText("3 accounts")).toBeVisible();
  });

  it("never shows 0 where a platform tells no followers", async () => {
    world();
    renderPage(<AccountsView guildId="1" />);
    const row = (await screen.findByText("Beta")).closest('[role="row"]') as HTMLElement;
    expect(within(row).getByTitle("RSS tells no number of followers")).toHaveTextContent("–");
  });

  it("sorts by a header, unknown values last both ways, and keeps it in the address", async () => {
    world();
    const { address } = renderPage(<AccountsView guildId="1" />);
    const header = await screen.findByRole("button", { name: "Followers" });
    await userEvent.click(header);
    await waitFor(() => expect(names()).toEqual(["Gamma", "Alpha", "Beta"]));
    expect(address.search).toContain("sort=-followers");
    await userEvent.click(header);
    await waitFor(() => expect(names()).toEqual(["Alpha", "Gamma", "Beta"]));
    expect(screen.getByRole("columnheader", { name: "Followers" })).toHaveAttribute("aria-sort", "ascending");
  });

  it("filters while one types, without a further call, and says how many are left", async () => {
    const calls = world();
    const { address } = renderPage(<AccountsView guildId="1" />);
    await screen.findByText("Alpha");
    const before = calls.length;
    await userEvent.type(screen.getByRole("searchbox", { name: "Search accounts" }), "bet");
    await waitFor(() => expect(names()).toEqual(["Beta"]));
    expect(screen.getByText("1 of 3 accounts")).toBeVisible();
    await waitFor(() => expect(address.search).toContain("q=bet"));
    expect(calls.slice(before)).toEqual([]);
  });

  it("begins with the filters of the address", async () => {
    world();
    renderPage(<AccountsView guildId="1" />, { search: "?state=failing" });
    await waitFor(() => expect(names()).toEqual(["Gamma"]));
  });

  it("moves from row to row with the arrow keys", async () => {
    world();
    renderPage(<AccountsView guildId="1" />, { search: "?sort=name" });
    const first = await screen.findByRole("button", { name: /Alpha a\.example/ });
    first.focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("button", { name: /Beta b\.example/ })).toHaveFocus();
    await userEvent.keyboard("{End}");
    expect(screen.getByRole("button", { name: /Gamma c\.example/ })).toHaveFocus();
  });

  it("shows a member no button that would be refused", async () => {
    world({ canManage: false });
    renderPage(<AccountsView guildId="1" />);
    await screen.findByText("Alpha");
    expect(screen.queryByRole("button", { name: "Track an account" })).toBeNull();
    expect(screen.queryByRole("checkbox")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Actions for Alpha" }));
    await screen.findByRole("menuitem", { name: "Its posts" });
    expect(screen.queryByRole("menuitem", { name: "Stop tracking" })).toBeNull();
  });

  it("says what to do where nothing is tracked yet", async () => {
    world({ items: [] });
    renderPage(<AccountsView guildId="1" />);
    expect(await screen.findByRole("heading", { name: "No account is tracked yet" })).toBeVisible();
  });

  it("keeps what was seen when the API goes away, also after a reload, and heals by itself", async () => {
    let up = true;
    const check = async (): Promise<Check> => (up ? "ok" : "down");
    world({ status: () => (up ? undefined : 503) });
    const page = (
      <>
        <StaleBar />
        <AccountsView guildId="1" />
      </>
    );
    const first = renderPage(page, { check });
    await screen.findByText("Alpha");
    await waitFor(() => expect(first.store.values.size).toBe(1), { timeout: 10_000 });
    await waitFor(() => expect([...first.store.values.values()][0]).toContain("Alpha"), { timeout: 10_000 });
    first.unmount();

    up = false;
    const { runtime } = renderPage(page, { check, store: first.store });
    expect(await screen.findByText("Alpha")).toBeVisible();
    runtime.connection.failed();
    expect(await screen.findByText(/^Stale, as of /)).toBeVisible();
    expect(await screen.findByRole("button", { name: "Track an account" })).toBeDisabled();

    up = true;
    await userEvent.click(screen.getByRole("button", { name: "Try now" }));
    await waitFor(() => expect(screen.queryByText(/^Stale/)).toBeNull());
    await waitFor(() => expect(screen.getByRole("button", { name: "Track an account" })).toBeEnabled());
  }, 30_000);

  it("says that it is the source that has trouble, where an account cannot be looked at", async () => {
    const detail = "The source has trouble of its own (502). Try again in a moment.";
    const trouble = { type: "about:blank", title: "Unavailable", status: 503, code: "unavailable", detail };
    world({ add: () => Response.json(trouble, { status: 503 }) });
    renderPage(<AccountsView guildId="1" />);
    await userEvent.click(await screen.findByRole("button", { name: "Track an account" }));
    await userEvent.type(await screen.findByLabelText("Address or handle"), "https://blog.example");
    await userEvent.click(screen.getByRole("button", { name: "Track account" }));
    expect(await screen.findByText(detail)).toBeVisible();
    expect(screen.queryByText("Trackbot does not answer")).toBeNull();
  });

  it("tells what to do when there is no answer and nothing is stored", async () => {
    world({ status: () => 503 });
    renderPage(<AccountsView guildId="1" />, { check: async () => "down" });
    expect(await screen.findByRole("heading", { name: "Trackbot does not answer" })).toBeVisible();
    expect(screen.getByText("r1")).toBeVisible();
  });
});
