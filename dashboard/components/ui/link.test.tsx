import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeRouter, WithRouter } from "@/test/router";
import { Link, type LinkProps } from "./link";

// What is left to the browser would leave the page, which jsdom cannot.
const stay = (event: Event) => event.preventDefault();
beforeEach(() => window.addEventListener("click", stay));
afterEach(() => window.removeEventListener("click", stay));

function shown(props: Partial<LinkProps> = {}) {
  const router = fakeRouter();
  render(
    <WithRouter router={router}>
      <Link href="/account/sessions" {...props}>
        Sessions
      </Link>
    </WithRouter>,
  );
  return { router, link: screen.getByRole("link", { name: "Sessions" }) };
}

it("is led by the router on a plain click", () => {
  const { router, link } = shown();
  expect(link.getAttribute("href")).toBe("/account/sessions");
  fireEvent.click(link);
  expect(router.push).toHaveBeenCalledExactlyOnceWith("/account/sessions");
});

it.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }])(
  "leaves a click with %o to the browser",
  (how) => {
    const { router, link } = shown();
    fireEvent.click(link, how);
    expect(router.push).not.toHaveBeenCalled();
  },
);

it("leaves another tab and a file to the browser", () => {
  const { router, link } = shown({ target: "_blank" });
  fireEvent.click(link);
  link.removeAttribute("target");
  link.setAttribute("download", "");
  fireEvent.click(link);
  expect(router.push).not.toHaveBeenCalled();
});

it("stays where a click was taken already", () => {
  const { router, link } = shown({ onClick: (event) => event.preventDefault() });
  fireEvent.click(link);
  expect(router.push).not.toHaveBeenCalled();
});

it("fetches the page ahead when it is pointed at or focused", () => {
  const { router, link } = shown();
  fireEvent.pointerEnter(link);
  fireEvent.focus(link);
  expect(router.prefetch.mock.calls).toEqual([["/account/sessions"], ["/account/sessions"]]);
});

it("fetches nothing ahead where it is one of many", () => {
  const { router, link } = shown({ prefetch: false });
  fireEvent.pointerEnter(link);
  expect(router.prefetch).not.toHaveBeenCalled();
});
