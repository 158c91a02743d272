"use client";

/** Stands in for any page that has no error page of its own, so each page loads it first: it stays without components. */
export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="flex min-h-dvh items-center">
      <div role="alert" className="mx-auto flex max-w-md flex-col items-center px-4 py-10 text-center">
        <h1 className="font-semibold text-base">This page broke</h1>
        <p className="mt-1 text-muted text-sm">
          Try again in a moment. If it goes on, tell the people who run this service.
        </p>
        <button
          type="button"
          onClick={reset}
          className="mt-5 h-8 rounded-md border border-line-strong bg-surface px-3 font-medium text-sm shadow-card hover:bg-hover pointer-coarse:h-10"
        >
          Try again
        </button>
        {error.digest && (
          <p className="mt-4 text-subtle text-xs">
            Request <code className="select-all break-all font-mono">{error.digest}</code>
          </p>
        )}
      </div>
    </main>
  );
}
