import { render } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { Prefetched } from "./server";

const { get, asked } = vi.hoisted(() => ({ get: vi.fn(), asked: { dest: "" } }));

vi.mock("next/headers", () => ({ headers: async () => new Headers({ "sec-fetch-dest": asked.dest }) }));
vi.mock("@/lib/api-server", () => ({ apiServer: async () => ({ GET: get }), resumeSession: vi.fn() }));
vi.mock("./hydrated", () => ({ Hydrated: ({ state }: { state: unknown }) => <p>{JSON.stringify(state)}</p> }));

const queries = [{ queryKey: ["get", "/auth/me", {}] }];

beforeEach(() => {
  get.mockReset().mockResolvedValue({ data: "Mara" });
});

it("fetches what a page that is loaded asks for", async () => {
  asked.dest = "document";
  const { container } = render(await Prefetched({ queries, children: null }));
  expect(get).toHaveBeenCalledOnce();
  expect(container).toHaveTextContent("Mara");
});

it("leaves a page that a link leads to to what the browser knows", async () => {
  asked.dest = "empty";
  const { container } = render(await Prefetched({ queries, children: null }));
  expect(get).not.toHaveBeenCalled();
  expect(container).toHaveTextContent('"queries":[]');
});
