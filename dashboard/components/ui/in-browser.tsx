"use client";

import { type ComponentType, lazy, Suspense } from "react";
import { useHydrated } from "@/lib/use-hydrated";

type Load<P> = () => Promise<ComponentType<P>>;
type Loading = ComponentType | undefined;

const lazyOf = <P extends object>(load: Load<P>) =>
  lazy(async () => ({ default: (await load()) as ComponentType<object> }));

/** A part of a page that the server sends with it; the code that makes it live comes after the page's own. */
export function later<P extends object>(load: Load<P>, Loading: Loading = Nothing): ComponentType<P> {
  const Loaded = lazyOf(load);
  return function Later(props: P) {
    return (
      <Suspense fallback={<Loading />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}

/** A part of a page that only browsers render; its code comes after the page. `Loading` has its shape. */
export function inBrowser<P extends object>(load: Load<P>, Loading: Loading = Nothing): ComponentType<P> {
  const Part = later(load, Loading);
  return function InBrowser(props: P) {
    return useHydrated() ? <Part {...props} /> : <Loading />;
  };
}

function Nothing() {
  return null;
}
