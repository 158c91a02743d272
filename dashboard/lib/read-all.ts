import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ApiError } from "@/lib/problem";
import { type Answer, type Init, type ReadPath, read } from "@/lib/read";

const PAGE = 100;
const MINUTE = 60_000;

type Page = { items: unknown[]; nextCursor: string | null };
type ListPath = { [P in ReadPath]: Answer<P> extends Page ? P : never }[ReadPath];

/**
 * The query that reads a list to its end, for lists that are never long. Its key is that of the first page, which the
 * server can fetch beforehand; a list of more pages is read on in the browser. It is not asked for again within `fresh`
 * milliseconds.
 */
export function readAll<P extends ListPath>(path: P, params: Init<P>["params"] & { path: object }, fresh = MINUTE) {
  const query = { limit: PAGE };
  const first = read(path, { params: { ...params, query } } as unknown as Init<P>);
  return queryOptions<Answer<P>, ApiError>({
    queryKey: first.queryKey,
    staleTime: ({ state: { data } }) => ((data as Page | undefined)?.nextCursor === null ? fresh : 0),
    queryFn: async ({ signal }) => {
      const items: unknown[] = [];
      let cursor: string | null = null;
      let page: Page;
      do {
        const init = { params: { ...params, query: { ...query, ...(cursor !== null && { cursor }) } }, signal };
        page = (await api.GET(path, init as never)).data as unknown as Page;
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return { ...page, items } as Answer<P>;
    },
  });
}
