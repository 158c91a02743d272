"use client";

import "./globals.css";

/** Stands in for the root layout when that fails, so it relies on nothing. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Trackbot is not available</title>
        <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-6 text-center">
          <h1 className="font-semibold text-lg">Trackbot is not available</h1>
          <p className="mt-1 text-muted">Load the page again in a moment.</p>
          <p className="mt-5">
            {/* A full load: nothing of the application can be relied on here. */}
            <a href="/" className="rounded-md bg-accent px-4 py-2 font-medium text-accent-fg">
              Load again
            </a>
          </p>
          {error.digest && <p className="mt-6 text-subtle text-xs">Reference {error.digest}</p>}
        </main>
      </body>
    </html>
  );
}
