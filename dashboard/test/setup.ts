import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { twMerge } from "tailwind-merge";
import { afterEach, vi } from "vitest";
import { answer } from "./network";

afterEach(cleanup);

// Which of two classes for one property wins would be up to the style sheet's order: see lib/cn.ts.
vi.mock(import("@/lib/cn"), async (original) => {
  const { cn } = await original();
  return {
    cn: (...inputs) => {
      const joined = cn(...inputs);
      const kept = new Set(twMerge(joined).split(" "));
      const lost = joined.split(" ").filter((name) => !kept.has(name));
      if (lost.length > 0) throw new Error(`classes meet: ${lost.join(" ")} in "${joined}"`);
      return joined;
    },
  };
});

// A busy machine may take its time; a condition that holds is not waited for.
configure({ asyncUtilTimeout: 8_000 });

if (typeof window !== "undefined") {
  // The API's client keeps the fetch and the Request it finds when it is made; a page's relative addresses are its own.
  const Native = globalThis.Request;
  globalThis.Request = class extends Native {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      // jsdom's signals are not those of Node's fetch.
      super(typeof input === "string" ? new URL(input, "http://localhost") : input, { ...init, signal: null });
    }
  };
  globalThis.fetch = (input, init) => answer(input instanceof Native ? input : new Request(String(input), init));
}
