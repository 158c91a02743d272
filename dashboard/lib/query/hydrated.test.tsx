import { dehydrate, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { browserQueryClient, serverQueryClient } from "./client";
import { Hydrated } from "./hydrated";

function Name() {
  const { data } = useQuery<string>({ queryKey: ["name"], queryFn: () => new Promise(() => {}) });
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
