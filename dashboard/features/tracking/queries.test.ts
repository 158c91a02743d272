import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { rolesQuery } from "@/features/settings/queries";
import { serve } from "@/test/page";
import { brandsQuery, channelsQuery, groupsQuery } from "./queries";

it.each([
  ["brands", brandsQuery],
  ["groups", groupsQuery],
  ["channels", channelsQuery],
  ["roles", rolesQuery],
])("reads %s to their end: a server may have more than a page of them", async (name, query) => {
  const calls = serve({
    [`GET /${name}`]: (url) =>
      url.searchParams.has("cursor")
        ? { items: [{ id: "2" }], nextCursor: null }
        : { items: [{ id: "1" }], nextCursor: "next" },
  });
  const { items } = await new QueryClient().fetchQuery<{ items: object[] }>(query("1") as object as { queryKey: [] });
  expect(items).toEqual([{ id: "1" }, { id: "2" }]);
  expect(calls).toEqual([`GET /${name}?limit=100`, `GET /${name}?limit=100&cursor=next`]);
});
