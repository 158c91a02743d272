import { dehydrate, type QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { browserQueryClient, serverQueryClient } from "./client";
import { Hydrated } from "./hydrated";
import { useInfiniteQuery as useServedPages, useQuery as useServedQuery } from "./use-query";

vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);

function Name() {
  const { data } = useQuery<string>({ queryKey: ["name"], queryFn: () => new Promise(() => {}) });
  return <p>{data ?? "nobody"}</p>;
}

function ServedName() {
  const { data } = useServedQuery<string>({ queryKey: ["name"], queryFn: () => new Promise(() => {}) });
  return <p>{data ?? "nobody"}</p>;
}

it("fills a query on the server that the frame around it has asked for already", () => {
  const fetched = serverQueryClient();
  fetched.setQueryData(["name"], "Harbour Studio");
  const html = renderToString(
    <QueryClientProvider client={browserQueryClient()}>
      <Name />
      <Hydrated state={dehydrate(fetched)}>
        <Name />
      </Hydrated>
    </QueryClientProvider>,
  );
  expect(html).toBe("<p>nobody</p><p>Harbour Studio</p>");
});

it("does not put what the server knew over what is known here", () => {
  const fetched = serverQueryClient();
  fetched.setQueryData(["name"], "old", { updatedAt: 1 });
  const client = browserQueryClient();
  client.setQueryData(["name"], "new", { updatedAt: 2 });
  const html = renderToString(
    <QueryClientProvider client={client}>
      <Hydrated state={dehydrate(fetched)}>
        <Name />
      </Hydrated>
    </QueryClientProvider>,
  );
  expect(html).toBe("<p>new</p>");
});

it("takes over markup without data although an answer has come before", async () => {
  const complaints: unknown[] = [];
  const page = (client: QueryClient) => (
    <QueryClientProvider client={client}>
      <Hydrated state={dehydrate(serverQueryClient())}>
        <ServedName />
      </Hydrated>
    </QueryClientProvider>
  );
  const place = document.createElement("div");
  place.innerHTML = renderToString(page(browserQueryClient()));
  expect(place.textContent).toBe("nobody");
  const early = browserQueryClient();
  early.setQueryData(["name"], "Harbour Studio");
  await act(async () => {
    hydrateRoot(place, page(early), { onRecoverableError: (error) => complaints.push(error) });
  });
  expect(complaints).toEqual([]);
  expect(place.textContent).toBe("Harbour Studio");
});

it("takes over what the server sent although something newer has come before", async () => {
  const complaints: unknown[] = [];
  const fetched = serverQueryClient();
  fetched.setQueryData(["name"], "old", { updatedAt: 1 });
  const page = (client: QueryClient) => (
    <QueryClientProvider client={client}>
      <Hydrated state={dehydrate(fetched)}>
        <ServedName />
      </Hydrated>
    </QueryClientProvider>
  );
  const place = document.createElement("div");
  place.innerHTML = renderToString(page(browserQueryClient()));
  const early = browserQueryClient();
  early.setQueryData(["name"], "new", { updatedAt: 2 });
  await act(async () => {
    hydrateRoot(place, page(early), { onRecoverableError: (error) => complaints.push(error) });
  });
  expect(complaints).toEqual([]);
  expect(place.textContent).toBe("new");
});

function ServedList() {
  const { data, hasNextPage } = useServedPages({
    queryKey: ["names"],
    queryFn: () => new Promise<{ names: string; next: string | null }>(() => {}),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  return <p>{data ? data.pages.map((page) => page.names).join() + (hasNextPage ? " and more" : "") : "nobody"}</p>;
}

it.each([
  ["without data", undefined, "nobody"],
  ["with another first page", { pages: [{ names: "old", next: "2" }], pageParams: [null] }, "old and more"],
])("takes over a list's markup %s although a live event has come before", async (_how, sent, markup) => {
  const complaints: unknown[] = [];
  const fetched = serverQueryClient();
  if (sent) fetched.setQueryData(["names"], sent, { updatedAt: 1 });
  const page = (client: QueryClient) => (
    <QueryClientProvider client={client}>
      <Hydrated state={dehydrate(fetched)}>
        <ServedList />
      </Hydrated>
    </QueryClientProvider>
  );
  const place = document.createElement("div");
  place.innerHTML = renderToString(page(browserQueryClient()));
  expect(place.textContent).toBe(markup);
  const early = browserQueryClient();
  early.setQueryData(["names"], { pages: [{ names: "new", next: null }], pageParams: [null] }, { updatedAt: 2 });
  await act(async () => {
    hydrateRoot(place, page(early), { onRecoverableError: (error) => complaints.push(error) });
  });
  expect(complaints).toEqual([]);
  expect(place.textContent).toBe("new");
});
