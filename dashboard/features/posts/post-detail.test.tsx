import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { giveLayout, renderPage, serve } from "@/test/page";
import { aPost } from "@/test/rows";
import { PostDetail } from "./post-detail";

beforeEach(giveLayout);

const empty = { items: [], nextCursor: null, asOf: null };

function open(change: Parameters<typeof aPost>[0]) {
  const account = { id: "a1", handle: "harbour.example", displayName: "Harbour news" };
  serve({
    "GET /posts/p": aPost({ url: "https://harbour.example/p", ...change }),
    "GET /posts/p/deliveries": empty,
    "GET /posts/p/metrics": { ...empty, nextMeasurementAt: null },
    "GET /accounts": { ...empty, items: [account] },
  });
  renderPage(<PostDetail guildId="1" postId="p" />);
}

it("shows no figures where the platform has none, and names the account where nobody is named", async () => {
  open({ id: "p", platform: "rss", authorName: null });
  expect(await screen.findByRole("link", { name: "Harbour news" })).toBeVisible();
  expect(screen.getByText("Feeds carry none")).toBeVisible();
  expect(screen.getByRole("link", { name: "Open the post" })).toBeVisible();
  expect(screen.queryByRole("region", { name: "Figures" })).toBeNull();
  expect(screen.queryByRole("region", { name: "Over time" })).toBeNull();
});

it("says why a figure is missing where the platform has some", async () => {
  open({ id: "p", platform: "youtube", authorName: "Ann" });
  expect(await screen.findByText("YouTube does not offer shares")).toBeVisible();
  expect(screen.getByRole("link", { name: "Ann" })).toBeVisible();
  expect(await screen.findByRole("region", { name: "Over time" })).toBeVisible();
});
