"use client";

import { ErrorState } from "@/components/ui/error-state";
import { explain } from "@/lib/query/errors";

type QueryErrorProps = { error: unknown; onRetry: () => void; retrying?: boolean; className?: string };

/** A query that never had an answer, in words of what to do. */
export function QueryError({ error, onRetry, retrying, className }: QueryErrorProps) {
  const { title, advice, requestId } = explain(error);
  return (
    <ErrorState
      title={title}
      detail={advice}
      requestId={requestId}
      onRetry={onRetry}
      retrying={retrying}
      className={className}
    />
  );
}
