import { render } from "@testing-library/react";
import { NuqsTestingAdapter, type UrlUpdateEvent } from "nuqs/adapters/testing";
import type { ReactElement } from "react";
import { vi } from "vitest";
import type { Check } from "@/lib/query/connection";
import { DataProvider } from "@/lib/query/provider";
import { createRuntime } from "@/lib/query/runtime";
import { memoryStore } from "./memory-store";
import { answerBy } from "./network";

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
}

interface PageOptions {
  check?: () => Promise<Check>;
  store?: ReturnType<typeof memoryStore>;
  search?: string;
}

/** Renders a page of the dashboard with its own store and address. */
export function renderPage(page: ReactElement, { check, store = memoryStore(), search = "" }: PageOptions = {}) {
  const runtime = createRuntime({
    ...{ userId: "1", store, check: check ?? (async () => "ok" as const) },
    ...{ whoAmI: async () => "1", leave: () => {} },
  });
  const address: { search: string } = { search };
  const view = render(
    <NuqsTestingAdapter
      searchParams={search}
      hasMemory
      onUrlUpdate={(event: UrlUpdateEvent) => {
        address.search = event.queryString;
      }}
    >
      <DataProvider userId="1" runtime={runtime}>
        {page}
      </DataProvider>
    </NuqsTestingAdapter>,
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
    if (typeof body !== "number") return Response.json(body);
    const code = { 401: "session_revoked", 404: "not_found", 403: "tier_limit" }[body] ?? "unavailable";
    return Response.json({ type: "about:blank", title: code, status: body, code, requestId: "r1" }, { status: body });
  });
  return calls;
}
