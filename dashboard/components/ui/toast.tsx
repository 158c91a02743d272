"use client";

import { lazy, Suspense, useEffect, useState } from "react";
import type { ExternalToast } from "sonner";

const Lazy = lazy(async () => ({ default: (await import("sonner")).Toaster }));

/** The place where messages appear; once, in the shell. Its code comes after the page. */
export function Toaster() {
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  if (!ready) return null;
  return (
    <Suspense fallback={null}>
      <Lazy
        position="bottom-right"
        closeButton
        toastOptions={{
          style: {
            background: "var(--raised)",
            color: "var(--fg)",
            borderColor: "var(--line)",
            fontFamily: "var(--font-geist-sans)",
          },
          classNames: { description: "!text-muted" },
        }}
      />
    </Suspense>
  );
}

/** Short messages about what just happened. What must not be missed belongs on the page. */
export const notify = {
  success: (message: string, options?: ExternalToast) => void send("success", message, options),
  error: (message: string, options?: ExternalToast) => void send("error", message, { duration: 10_000, ...options }),
  info: (message: string, options?: ExternalToast) => void send("info", message, options),
};

async function send(kind: "success" | "error" | "info", message: string, options?: ExternalToast) {
  const { toast } = await import("sonner");
  toast[kind](message, options);
}
