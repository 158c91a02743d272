"use client";

import { ErrorState } from "@/components/ui/error-state";

export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="flex min-h-dvh items-center">
      <ErrorState
        as="h1"
        title="This page broke"
        detail="Try again in a moment. If it goes on, tell the people who run this service."
        requestId={error.digest}
        onRetry={reset}
      />
    </main>
  );
}
