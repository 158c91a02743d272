"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { changedSearch, type Param, type Params, readParams, type Values } from "./params";

/** The part of a page's state that stands in the address, so that it survives a reload and can be sent to somebody. */
export function useParamsState<P extends Params>(params: P): [Values<P>, (change: Partial<Values<P>>) => void] {
  const search = useSearchParams();
  const values = useMemo(() => readParams(params, new URLSearchParams(search)), [params, search]);
  const change = useCallback((next: Partial<Values<P>>) => replaceSearch(params, next), [params]);
  return [values, change];
}

/** The same of one part. */
export function useParam<T>(name: string, of: Param<T>): [T, (value: T) => void] {
  const params = useMemo(() => ({ [name]: of }), [name, of]);
  const [values, change] = useParamsState(params);
  const set = useCallback((value: T) => change({ [name]: value } as Parameters<typeof change>[0]), [change, name]);
  return [values[name] as T, set];
}

/** Next.js takes this over as it does a navigation, without asking the server. A filter is no step to go back to. */
function replaceSearch<P extends Params>(params: P, change: Partial<Values<P>>): void {
  const { pathname, search, hash } = window.location;
  const next = changedSearch(params, search, change);
  if (next !== search) window.history.replaceState(null, "", pathname + next + hash);
}
