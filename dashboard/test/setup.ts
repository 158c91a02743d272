import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { answer } from "./network";

afterEach(cleanup);

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
