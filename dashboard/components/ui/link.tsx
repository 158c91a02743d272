"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { ComponentProps, MouseEvent } from "react";

export type LinkProps = Omit<ComponentProps<"a">, "href"> & {
  href: Route;
  /** False where there are many, such as in the rows of a table. */
  prefetch?: boolean;
};

/**
 * A link to a page of the dashboard: the router leads there, and what the page needs is fetched when the link is pointed
 * at or focused. The framework's own does more, such as fetching all links that are in view, and is 3 kB on every page.
 */
export function Link({ href, prefetch = true, onClick, onPointerEnter, onFocus, ...props }: LinkProps) {
  const router = useRouter();
  const ahead = () => prefetch && router.prefetch(href);
  return (
    <a
      {...props}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || isForBrowser(event)) return;
        event.preventDefault();
        router.push(href);
      }}
      onPointerEnter={(event) => {
        onPointerEnter?.(event);
        ahead();
      }}
      onFocus={(event) => {
        onFocus?.(event);
        ahead();
      }}
    />
  );
}

/** Whether a click means another tab, another window or a file, which the browser knows how to open. */
function isForBrowser({ currentTarget, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent<HTMLAnchorElement>): boolean {
  const elsewhere = currentTarget.target !== "" && currentTarget.target !== "_self";
  return elsewhere || metaKey || ctrlKey || shiftKey || altKey || currentTarget.hasAttribute("download");
}
