import { type QueryKey, queryOptions } from "@tanstack/react-query";
import type { FetchOptions } from "openapi-fetch";
import type { PathsWithMethod } from "openapi-typescript-helpers";
import { api } from "@/lib/api-client";
import type { ApiError } from "@/lib/problem";
import type { paths } from "@/lib/schema";

export type ReadPath = PathsWithMethod<paths, "get">;
type Operation<P extends ReadPath> = paths[P] extends { get: infer O } ? O : never;
export type Init<P extends ReadPath> = Pick<FetchOptions<Operation<P>>, "params">;
export type Answer<P extends ReadPath> =
  Operation<P> extends { responses: { 200: { content: { "application/json": infer T } } } } ? T : never;

/**
 * The query that reads a path. Its key is [method, path, init], so that a server component can fetch the same beforehand
 * (`Prefetch`) and a write can name what it changed.
 */
export function read<P extends ReadPath>(path: P, init: Init<P>) {
  return queryOptions<Answer<P>, ApiError>({
    queryKey: ["get", path, init] as QueryKey,
    queryFn: async ({ signal }) => {
      const answer = await api.GET(path, { ...init, signal } as never);
      return answer.data as Answer<P>;
    },
  });
}
