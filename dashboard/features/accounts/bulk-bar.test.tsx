import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { Toaster } from "@/components/ui/toast";
import type { Account } from "@/features/tracking/types";
import { usePlaces } from "@/features/tracking/use-tracking";
import { giveLayout, renderPage, serve } from "@/test/page";
import { anAccount } from "@/test/rows";
import { BulkBar } from "./bulk-bar";

beforeEach(giveLayout);

const alpha = anAccount({ id: "a", displayName: "Alpha" });
const beta = anAccount({ id: "b", displayName: "Beta" });
const access = { canManage: true, blocked: undefined, away: undefined };
const list = (items: object[]) => ({ items, nextCursor: null, asOf: null });

function Bar({ first }: { first: readonly Account[] }) {
  const [selected, setSelected] = useState(first);
  const places = usePlaces("1");
  return (
    <>
      <Toaster />
      <BulkBar {...{ guildId: "1", places, access }} accounts={selected} onSelect={setSelected} />
    </>
  );
}

/** The bar over these accounts, and the changes it asked for. */
function shown(accounts: readonly Account[], refuse?: string) {
  const changes: [string, unknown][] = [];
  const patch = (account: Account) => async (_url: URL, request: Request) => {
    const change = await request.json();
    changes.push([account.id, change]);
    return { ...account, ...change };
  };
  const detail = "It was removed meanwhile.";
  const problem = { type: "about:blank", title: "Conflict", status: 409, code: "conflict", detail, requestId: "r1" };
  const answers = Object.fromEntries(
    accounts.map((account) => [
      `PATCH /accounts/${account.id}`,
      account.id === refuse ? () => Response.json(problem, { status: 409 }) : patch(account),
    ]),
  );
  serve({
    ...(answers as Parameters<typeof serve>[0]),
    "GET /brands": list([{ id: "b1", name: "Coffee" }]),
    "GET /groups": list([
      { id: "g1", brandId: "b1", name: "Own" },
      { id: "g2", brandId: "b1", name: "Rivals" },
    ]),
    "GET /channels": list([]),
  });
  renderPage(<Bar first={accounts} />);
  return changes;
}

async function moveTo(group: RegExp) {
  await userEvent.click(screen.getByRole("button", { name: "Move" }));
  await userEvent.click(await screen.findByRole("combobox", { name: "Brand and group" }));
  await userEvent.click(await screen.findByRole("option", { name: group }));
}

describe("several accounts at once", () => {
  it("move to another group, and back", async () => {
    const changes = shown([alpha, beta]);
    await moveTo(/Rivals/);
    await userEvent.click(await screen.findByRole("button", { name: "Move 2" }));
    expect(await screen.findByText("2 accounts moved to Coffee › Rivals")).toBeDefined();
    expect(screen.getByText("0 selected")).toBeDefined();
    expect(changes).toEqual([
      ["a", { groupId: "g2" }],
      ["b", { groupId: "g2" }],
    ]);
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("2 accounts as before")).toBeDefined();
    expect(changes.slice(2)).toEqual([
      ["a", { groupId: "g1" }],
      ["b", { groupId: "g1" }],
    ]);
  }, 30_000);

  it("leaves those that were refused selected, by name and with the reason", async () => {
    shown([alpha, beta], "b");
    await moveTo(/Rivals/);
    await userEvent.click(await screen.findByRole("button", { name: "Move 2" }));
    expect(await screen.findByText("Beta: It was removed meanwhile.")).toBeDefined();
    expect(screen.getByRole("alert").textContent).toContain(
      "1 account not moved to Coffee › Rivals. They are still selected.",
    );
    expect(screen.getByText("1 selected")).toBeDefined();
    expect(await screen.findByText("1 account moved to Coffee › Rivals")).toBeDefined();
  }, 30_000);

  it("do not move to where they are", async () => {
    shown([alpha, { ...beta, groupId: "g2" }]);
    await moveTo(/Own/);
    expect(await screen.findByText("1 of them there already.")).toBeDefined();
    expect(screen.getByRole("button", { name: "Move 1" })).toBeEnabled();
  }, 30_000);

  it("offer to pause only what is checked, and to resume only what is paused", async () => {
    const changes = shown([
      { ...alpha, state: "paused" },
      { ...beta, state: "gone" },
    ]);
    expect(screen.getByRole("button", { name: "Pause" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Resume" }));
    await waitFor(() => expect(changes).toEqual([["a", { paused: false }]]));
    expect(await screen.findByText("1 account resumed")).toBeDefined();
  }, 30_000);
});
