import { later } from "@/components/ui/in-browser";
import type { QueryErrorProps } from "./query-error-state";

/** A query that never had an answer, in words of what to do. */
export const QueryError = later<QueryErrorProps>(async () => (await import("./query-error-state")).QueryErrorState);
