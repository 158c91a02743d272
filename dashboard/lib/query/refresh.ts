import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";

const hidden = () => typeof document !== "undefined" && document.visibilityState === "hidden";

/** Asks again for what these keys begin. A hidden tab waits until it is looked at, to spare the rate limit. */
export async function refresh(client: QueryClient, keys: readonly QueryKey[]): Promise<void> {
  const refetchType = hidden() ? "none" : "active";
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey, refetchType })));
}

/** After an outage: everything is asked again, also what never had an answer. */
export async function recover(client: QueryClient): Promise<void> {
  const empty = client.getQueryCache().findAll({
    type: "active",
    predicate: (query) => query.state.data === undefined && query.state.status === "error",
  });
  const retried = empty.map((query: Query) => query.fetch().catch(() => undefined));
  await client.invalidateQueries({ predicate: (query) => !empty.includes(query) });
  await Promise.all(retried);
}

/** When the newest data in the cache was answered; 0 for none. */
export function newestAnswer(client: QueryClient): number {
  const times = client.getQueryCache().getAll();
  return times.reduce((newest, query) => Math.max(newest, query.state.dataUpdatedAt), 0);
}
