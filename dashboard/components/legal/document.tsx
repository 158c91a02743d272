import type { ReactNode } from "react";

type DocumentProps = { title: string; updated: string; summary: ReactNode; children: ReactNode };

export function LegalDocument({ title, updated, summary, children }: DocumentProps) {
  return (
    <article>
      <h1 className="font-semibold text-3xl tracking-tight">{title}</h1>
      <p className="mt-2 text-muted">
        Last changed <time dateTime={updated}>{updated}</time>
      </p>
      <p className="mt-6 rounded-lg border bg-surface p-4 text-base/7">{summary}</p>
      {children}
    </article>
  );
}

export function Clause({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-8 text-base/7 [&_li]:mt-1.5 [&_p+p]:mt-3 [&_p]:text-muted [&_strong]:font-medium [&_strong]:text-fg [&_ul]:list-disc [&_ul]:pl-5 [&_ul]:text-muted">
      <h2 className="mb-2 font-semibold text-lg">{title}</h2>
      {children}
    </section>
  );
}
