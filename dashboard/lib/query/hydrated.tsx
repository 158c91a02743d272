"use client";

import { type DehydratedState, hydrate, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useContext, useMemo } from "react";
import { SentContext } from "./use-query";

/**
 * Takes over what the server fetched, where it is newer, before the children render. HydrationBoundary leaves a query
 * that is known already to an effect, which the server never runs and the browser runs too late: the frame asks for the
 * guild before the page does, so the page would be sent empty, and stored data would differ from the markup.
 */
export function Hydrated({ state, children }: { state: DehydratedState; children: ReactNode }) {
  const client = useQueryClient();
  useMemo(() => hydrate(client, state), [client, state]);
  const outer = useContext(SentContext);
  const sent = useMemo(() => [...outer, state], [outer, state]);
  return <SentContext value={sent}>{children}</SentContext>;
}
