"use client";

import { useEffect } from "react";
import { ErrorState } from "@/components/ui/error-state";

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
