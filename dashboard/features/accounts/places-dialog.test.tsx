import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { usePlaces } from "@/features/tracking/use-tracking";
import { giveLayout, renderPage, serve } from "@/test/page";
import { anAccount } from "@/test/rows";
import { PlacesDialog } from "./places-dialog";

beforeEach(giveLayout);

const at = "2026-11-22T10:00:00.000Z";
const list = (items: object[]) => ({ items, nextCursor: null });

function Page() {
  const places = usePlaces("1");
  const accounts = [anAccount({ id: "a", brandId: "b1", groupId: "g1" })];
  const access = { canManage: true, blocked: undefined, away: undefined };
  return <PlacesDialog {...{ guildId: "1", places, accounts, access }} open onOpenChange={() => {}} />;
}

function world(answers: Parameters<typeof serve>[0] = {}) {
  const calls = serve({
    "GET /brands": list([{ id: "b1", name: "Coffee", createdAt: at }]),
    "GET /groups": list([{ id: "g1", brandId: "b1", name: "Rivals", createdAt: at }]),
    "GET /channels": list([]),
    "GET /accounts": list([]),
    "GET ": { id: "1" },
    ...answers,
  });
  renderPage(<Page />);
  return calls;
}

describe("brands and groups", () => {
  it("are renamed in their place", async () => {
    const bodies: unknown[] = [];
    const calls = world({
      "PATCH /brands/b1": (_url, request) => {
        void request.json().then((body) => bodies.push(body));
        return { id: "b1", name: "Tea", createdAt: at };
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Rename Coffee" }));
    const field = screen.getByRole("textbox", { name: "New name of Coffee" });
    await userEvent.clear(field);
    await userEvent.type(field, " Tea {Enter}");
    await waitFor(() => expect(bodies).toEqual([{ name: "Tea" }]));
    await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
    await waitFor(() => expect(calls.filter((call) => call.startsWith("GET /brands")).length).toBeGreaterThan(1));
  });

  it("keep what was typed and say why when the name is refused", async () => {
    world({ "PATCH /groups/g1": 409 });
    await userEvent.click(await screen.findByRole("button", { name: "Rename Rivals" }));
    await userEvent.type(screen.getByRole("textbox"), " 2{Enter}");
    expect(await screen.findByRole("alert")).not.toBeEmptyDOMElement();
    expect(screen.getByRole("textbox")).toHaveValue("Rivals 2");
  });

  it("are removed after one has read what goes with them", async () => {
    const calls = world({ "DELETE /brands/b1": {} });
    await userEvent.click(await screen.findByRole("button", { name: "Remove Coffee" }));
    const asked = await screen.findByRole("alertdialog");
    expect(asked).toHaveTextContent("Its 1 group and 1 account with all posts");
    expect(calls).not.toContain("DELETE /brands/b1");
    await userEvent.click(within(asked).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(calls).toContain("DELETE /brands/b1"));
  });
});
