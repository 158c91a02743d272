import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { type Guild, guildsQuery } from "@/features/guilds/queries";
import { browserQueryClient } from "@/lib/query/client";
import { read } from "@/lib/read";
import { Palette } from "./palette";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

const guild = (id: string, name: string): Guild => ({
  ...{
    id,
    name,
    clientId: id,
    iconUrl: null,
    permissions: "0",
    canManage: true,
    tier: "pro",
    bot: { status: "online" },
    accounts: 0,
    attention: [],
  },
});

beforeEach(() => {
  push.mockClear();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = () => {};
});

function open(guildId?: string) {
  const client = browserQueryClient();
  client.setQueryData(guildsQuery.queryKey, {
    items: [guild("1", "Harbour Studio"), guild("2", "Field Notes")],
    nextCursor: null,
  });
  const hits = read("/guilds/{guildId}/accounts", {
    params: { path: { guildId: "1" }, query: { q: "roast", limit: 6 } },
  });
  client.setQueryData(hits.queryKey, {
    asOf: null,
    nextCursor: null,
    items: [{ id: "a", handle: "beans.example", displayName: "The Roastery", platform: "bluesky", avatarUrl: null }],
  } as never);
  const onOpenChange = vi.fn();
  const onHelp = vi.fn();
  render(
    <QueryClientProvider client={client}>
      <Palette guildId={guildId} onOpenChange={onOpenChange} onHelp={onHelp} />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), onOpenChange, onHelp };
}

it("leads to a page of the guild by a word that is not its name, by keys alone", async () => {
  const { user, onOpenChange } = open("1");
  await user.keyboard("quota{Enter}");
  expect(push).toHaveBeenCalledExactlyOnceWith("/guilds/1/usage");
  expect(onOpenChange).toHaveBeenCalledWith(false);
});

it("leads to another guild by its name", async () => {
  const { user } = open("1");
  await user.keyboard("field not{Enter}");
  expect(push).toHaveBeenCalledExactlyOnceWith("/guilds/2");
});

it("finds accounts as the API does, though the search is not in what it shows first", async () => {
  const { user } = open("1");
  await user.keyboard("roast");
  await user.click(await screen.findByText("The Roastery"));
  expect(push).toHaveBeenCalledExactlyOnceWith("/guilds/1/tracking/accounts?q=beans.example");
});

it("shows no page of a guild where there is none", () => {
  open();
  expect(screen.queryByText("Usage")).toBeNull();
  expect(screen.getByText("Sessions")).toBeVisible();
});

it("leaves out what has the letters by chance", async () => {
  const { user } = open("1");
  await user.keyboard("sett");
  expect(await screen.findByText("Settings")).toBeVisible();
  expect(screen.queryByText("Posts")).toBeNull();
});

it("says when nothing is found", async () => {
  const { user } = open("1");
  await user.keyboard("zzzz");
  expect(await screen.findByText("Nothing found.")).toBeVisible();
});

it("opens the list of keys", async () => {
  const { user, onHelp } = open("1");
  await user.click(screen.getByText("Keyboard shortcuts"));
  expect(onHelp).toHaveBeenCalledOnce();
});
