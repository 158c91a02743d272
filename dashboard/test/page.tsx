import { render } from "@testing-library/react";
import { SearchParamsContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import { type ReactElement, type ReactNode, useEffect, useState } from "react";
import { vi } from "vitest";
import type { Check } from "@/lib/query/connection";
import { DataProvider } from "@/lib/query/provider";
import { createRuntime } from "@/lib/query/runtime";
import { memoryStore } from "./memory-store";
import { answerBy } from "./network";
import { WithRouter } from "./router";

/** jsdom has no layout: every element is as big as a screen, so that the virtual lists show rows. */
export function giveLayout(): void {
  const size = { width: 1280, height: 720 };
  for (const [name, value] of [
    ["clientHeight", size.height],
    ["offsetWidth", size.width],
    ["clientWidth", size.width],
  ] as const) {
    const owner = name.startsWith("client") ? Element.prototype : HTMLElement.prototype;
    vi.spyOn(owner, name as "clientWidth", "get").mockReturnValue(value);
  }
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("matchMedia", (query: string) => ({
    ...{ matches: true, media: query, addEventListener: () => {}, removeEventListener: () => {} },
  }));
  Element.prototype.getAnimations ??= () => [];
  Element.prototype.setPointerCapture ??= () => {};
}

interface PageOptions {
  check?: () => Promise<Check>;
  store?: ReturnType<typeof memoryStore>;
  search?: string;
}

/** The query of the address, of which Next.js tells the page when it is replaced. */
function Address({
  search,
  onChange,
  children,
}: {
  search: string;
  onChange: (search: string) => void;
  children: ReactNode;
}) {
  const [params, setParams] = useState(() => new URLSearchParams(search));
  useEffect(() => {
    window.history.replaceState(null, "", `/${search}`);
    const spy = vi.spyOn(window.history, "replaceState").mockImplementation((_state, _title, url) => {
      const next = new URL(String(url), window.location.href);
      History.prototype.replaceState.call(window.history, null, "", next);
      onChange(next.search);
      setParams(next.searchParams);
    });
    return () => spy.mockRestore();
  }, [search, onChange]);
  return <SearchParamsContext value={params}>{children}</SearchParamsContext>;
}

/** Renders a page of the dashboard with its own store and address. */
export function renderPage(page: ReactElement, { check, store = memoryStore(), search = "" }: PageOptions = {}) {
  const runtime = createRuntime({
    ...{ userId: "1", store, check: check ?? (async () => "ok" as const) },
    ...{ whoAmI: async () => "1", leave: () => {} },
  });
  const address: { search: string } = { search };
  const keep = (next: string) => {
    address.search = next;
  };
  const view = render(
    <Address search={search} onChange={keep}>
      <WithRouter>
        <DataProvider userId="1" runtime={runtime}>
          {page}
        </DataProvider>
      </WithRouter>
    </Address>,
  );
  return { ...view, runtime, store, address };
}

type Answer = object | number;

/** Answers the API's calls by "METHOD /path"; a number is a problem of that status. What is not named is 404. */
export function serve(answers: Record<string, Answer | ((url: URL, request: Request) => Answer)>) {
  const calls: string[] = [];
  answerBy(async (input) => {
    const url = new URL(input.url);
    const call = `${input.method} ${url.pathname.replace("/api/v1/guilds/1", "")}`;
    calls.push(call + url.search);
    const answer = answers[call];
    const body = typeof answer === "function" ? answer(url, input) : (answer ?? 404);
    if (body instanceof Response) return body;
    if (typeof body !== "number") return Response.json(body);
    const code = { 401: "session_revoked", 404: "not_found", 403: "tier_limit" }[body] ?? "unavailable";
    return Response.json({ type: "about:blank", title: code, status: body, code, requestId: "r1" }, { status: body });
  });
  return calls;
}
