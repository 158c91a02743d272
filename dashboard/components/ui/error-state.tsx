import { lazy, type ReactNode, Suspense } from "react";
import { TriangleAlert } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { Button } from "./button";

const CopyButton = lazy(async () => ({ default: (await import("./copy-button")).CopyButton }));

type ErrorProps = {
  title?: string;
  /** What happened and what to do, in a sentence. */
  detail?: ReactNode;
  /** Names the request in the service's log; the reader can copy it for a report. */
  requestId?: string | null;
  onRetry?: () => void;
  retrying?: boolean;
  /** The heading's rank on the page. */
  as?: "h1" | "h2" | "h3";
  className?: string;
};

export function ErrorState(props: ErrorProps) {
  const { title = "This could not be loaded", requestId, onRetry, retrying, as: Heading = "h2", className } = props;
  const { detail = "Try again in a moment. If it goes on, tell the people who run this service." } = props;
  return (
    <div
      role="alert"
      className={cn("mx-auto flex max-w-md flex-col items-center px-4 text-center base:py-10", className)}
    >
      <span className="mb-4 grid size-10 place-items-center rounded-lg bg-danger-soft text-danger">
        <TriangleAlert aria-hidden="true" className="size-5" />
      </span>
      <Heading className="font-semibold text-base">{title}</Heading>
      <p className="mt-1 text-muted text-sm">{detail}</p>
      {onRetry && (
        <Button className="mt-5" onClick={onRetry} pending={retrying}>
          Try again
        </Button>
      )}
      {requestId && (
        <p className="mt-4 flex items-center gap-1 text-subtle text-xs">
          Request <code className="break-all font-mono">{requestId}</code>
          <Suspense fallback={null}>
            <CopyButton value={requestId} label="Copy the request's id" />
          </Suspense>
        </p>
      )}
    </div>
  );
}
