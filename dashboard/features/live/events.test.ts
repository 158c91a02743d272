import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { meQuery } from "@/features/account/queries";
import { withExport } from "@/features/exports/merge";
import { exportsQuery, whileMoving } from "@/features/exports/queries";
import { guildsQuery, statusQuery } from "@/features/guilds/queries";
import { latestPostsQuery } from "@/features/overview/queries";
import { newestPostsQuery, postQuery, postsQuery } from "@/features/posts/queries";
import type { Post, PostList } from "@/features/tracking/types";
import type { components } from "@/lib/schema";
import { apply, catchUp, takes, withPost } from "./events";

const guildId = "400000000000000001";

function post(id: string, publishedAt: string, more: Partial<Post> = {}): Post {
  return { id, publishedAt, accountId: "a1", brandId: "b1", platform: "rss", kind: "post", ...more } as Post;
}

const list = (...items: Post[]): PostList => ({ items, nextCursor: null, asOf: null });
const ids = (found: PostList | undefined) => found?.items.map((item) => item.id);

describe("withPost", () => {
  const known = list(post("c", "2026-03-03"), post("a", "2026-03-01"));

  it("puts a new post in its place and keeps the length of a short list", () => {
    expect(ids(withPost(known, post("d", "2026-03-04")))).toEqual(["d", "c", "a"]);
    expect(ids(withPost(known, post("b", "2026-03-02")))).toEqual(["c", "b", "a"]);
    expect(ids(withPost(known, post("d", "2026-03-04"), 2))).toEqual(["d", "c"]);
    expect(ids(withPost(list(), post("d", "2026-03-04")))).toEqual(["d"]);
  });

  it("replaces a post that is there, once", () => {
    const changed = withPost(known, post("a", "2026-03-01", { title: "edited" }));
    expect(ids(changed)).toEqual(["c", "a"]);
    expect(changed?.items[1]?.title).toBe("edited");
  });

  it("leaves a list alone whose posts are all newer, and one that nobody has", () => {
    expect(withPost(known, post("0", "2026-02-01"))).toBe(known);
    expect(withPost(undefined, post("0", "2026-02-01"))).toBeUndefined();
  });
});

describe("takes", () => {
  const p = post("a", "2026-03-01");
  it.each([
    [{ limit: 100 }, true],
    [{ limit: 100, platform: "rss", kind: "post", accountId: "a1", brandId: "b1" }, true],
    [{ platform: "bluesky" }, false],
    [{ sort: "views" }, false],
    [{ q: "text" }, false],
    [{ groupId: "g" }, false],
    [{ from: "2026-03-01" }, false],
  ])("%o: %s", (query, want) => expect(takes(query, p)).toBe(want));
});

describe("apply", () => {
  it("shows a new post in the lists of its own guild that take it", () => {
    const client = new QueryClient();
    const filters = { q: "", brand: null, group: null, account: null, kind: null, from: null, to: null } as const;
    const all = newestPostsQuery(guildId, { ...filters, platform: null, sort: "publishedAt" }).queryKey;
    const other = newestPostsQuery(guildId, { ...filters, platform: "bluesky", sort: "publishedAt" }).queryKey;
    const elsewhere = newestPostsQuery("400000000000000002", {
      ...filters,
      platform: null,
      sort: "publishedAt",
    }).queryKey;
    const old = post("a", "2026-03-01");
    for (const key of [all, other, elsewhere]) client.setQueryData(key, list(old));
    client.setQueryData(latestPostsQuery(guildId).queryKey, list(old));
    apply(client, guildId, { type: "post", data: post("b", "2026-03-02") });
    expect(ids(client.getQueryData(all))).toEqual(["b", "a"]);
    expect(ids(client.getQueryData(latestPostsQuery(guildId).queryKey))).toEqual(["b", "a"]);
    expect(ids(client.getQueryData(other))).toEqual(["a"]);
    expect(ids(client.getQueryData(elsewhere))).toEqual(["a"]);
  });

  it("makes nothing up for pages that nobody has opened", () => {
    const client = new QueryClient();
    apply(client, guildId, { type: "post", data: post("b", "2026-03-02") });
    expect(
      client
        .getQueryCache()
        .getAll()
        .filter((query) => query.state.data !== undefined),
    ).toEqual([]);
  });

  it("replaces the status", () => {
    const client = new QueryClient();
    const status = { bot: { status: "offline" } } as components["schemas"]["GuildStatus"];
    apply(client, guildId, { type: "status", data: status });
    expect(client.getQueryData(statusQuery(guildId).queryKey)).toBe(status);
  });
});

describe("what happens between the reading of a page and the beginning of its stream", () => {
  const exports = (state: string) =>
    ({ items: [{ id: "1", state }], nextCursor: null }) as unknown as components["schemas"]["ExportList"];
  const filters = { q: "", brand: null, group: null, account: null, kind: null, from: null, to: null } as const;
  const all = { ...filters, platform: null, sort: "publishedAt" } as const;
  const askedFor = (client: QueryClient, keys: readonly QueryKey[]) =>
    keys.map((key) => client.getQueryState(key)?.isInvalidated);

  it("is asked for: the beginnings of the guild's lists of posts, and no page behind them", () => {
    const client = new QueryClient();
    const lists = [newestPostsQuery(guildId, all).queryKey, latestPostsQuery(guildId).queryKey];
    const others = [
      ...[postsQuery(guildId, all).queryKey, latestPostsQuery("400000000000000002").queryKey],
      ...[guildsQuery.queryKey, meQuery.queryKey],
    ];
    for (const key of [...lists, ...others]) client.setQueryData(key, list(post("a", "2026-03-01")));
    catchUp(client, guildId);
    expect([askedFor(client, lists), askedFor(client, others)]).toEqual([
      [true, true],
      [false, false, false, false],
    ]);
  });

  it("is asked for: a post on its way to Discord, and none that has arrived", () => {
    const client = new QueryClient();
    const keys = ["pending", "sent"].map((state) => postQuery(guildId, state).queryKey);
    client.setQueryData(keys[0] ?? [], { id: "pending", delivery: { state: "pending" } });
    client.setQueryData(keys[1] ?? [], { id: "sent", delivery: { state: "sent" } });
    catchUp(client, guildId);
    expect(askedFor(client, keys)).toEqual([true, false]);
  });

  it("is asked for: exports that were under way, and none that has ended", () => {
    const client = new QueryClient();
    const keys = [exportsQuery(guildId).queryKey, exportsQuery("400000000000000002").queryKey];
    client.setQueryData(keys[0] ?? [], exports("done"));
    client.setQueryData(keys[1] ?? [], exports("running"));
    catchUp(client, guildId);
    expect(askedFor(client, keys)).toEqual([false, false]);
    client.setQueryData(keys[0] ?? [], exports("queued"));
    catchUp(client, guildId);
    expect(askedFor(client, keys)).toEqual([true, false]);
  });

  it("is asked for now and then, where it is an export, although a stream is open", () => {
    const pace = (state: string, live: boolean) => whileMoving(live)({ state: { data: exports(state) } });
    expect([pace("queued", false), pace("running", true), pace("done", false)]).toEqual([3_000, 10_000, false]);
    expect(whileMoving(false)({ state: {} })).toBe(false);
  });
});

describe("withExport", () => {
  const one = { id: "1", state: "queued" } as components["schemas"]["Export"];
  it("moves on what is listed and puts first what is new", () => {
    const listed = { items: [one], nextCursor: null };
    expect(withExport(listed, { ...one, state: "done" }).items).toEqual([{ ...one, state: "done" }]);
    expect(withExport(listed, { ...one, id: "2" }).items.map((item) => item.id)).toEqual(["2", "1"]);
  });
});
