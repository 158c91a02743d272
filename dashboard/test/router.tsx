import { AppRouterContext, type AppRouterInstance } from "next/dist/shared/lib/app-router-context.shared-runtime";
import type { ReactNode } from "react";
import { vi } from "vitest";

/** The router around what links; a test looks at its calls. */
export function fakeRouter() {
  return { push: vi.fn(), prefetch: vi.fn(), replace: vi.fn(), refresh: vi.fn(), back: vi.fn(), forward: vi.fn() };
}

export function WithRouter({ router = fakeRouter(), children }: { router?: object; children: ReactNode }) {
  return <AppRouterContext value={router as AppRouterInstance}>{children}</AppRouterContext>;
}
