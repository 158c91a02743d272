"use client";

import { useEffect } from "react";
import { later } from "@/components/ui/in-browser";

// Every page loads this one first: what it shows comes when it is needed.
const ErrorState = later(async () => (await import("@/components/ui/error-state")).ErrorState);

export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <ErrorState
      as="h1"
      title="This page broke"
      detail="Your data is safe. Try again; if it goes on, tell the people who run this service what you did."
      requestId={error.digest}
      onRetry={reset}
    />
  );
}
