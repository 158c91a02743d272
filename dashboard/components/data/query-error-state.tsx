"use client";

import { ErrorState } from "@/components/ui/error-state";
import { fields } from "@/lib/query/errors";
import { explain } from "@/lib/query/explain";

export type QueryErrorProps = { error: unknown; onRetry: () => void; retrying?: boolean; className?: string };

/** A query that never had an answer, in words of what to do. */
export function QueryErrorState({ error, onRetry, retrying, className }: QueryErrorProps) {
  const { title, advice, requestId } = explain(error);
  const forbidden = fields(error).code === "forbidden";
  return (
    <ErrorState
      title={forbidden ? "Only for those who manage the server" : title}
      detail={forbidden ? "Ask someone with Manage Server in Discord to look, or to let you." : advice}
      requestId={requestId}
      onRetry={forbidden ? undefined : onRetry}
      retrying={retrying}
      className={className}
    />
  );
}
