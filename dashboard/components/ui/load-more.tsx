"use client";

import { Button } from "./button";

type LoadMoreProps = {
  /** How many are shown, such as "120 posts". */
  shown: string;
  hasMore: boolean;
  pending: boolean;
  onMore: () => void;
  /** The next page could not be fetched; what is shown stays. */
  failed?: boolean;
};

/** The end of a list that is fetched page by page. */
export function LoadMore({ shown, hasMore, pending, onMore, failed }: LoadMoreProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-3 text-muted text-xs">
      <p role="status">
        {shown}
        {hasMore ? "" : ", that is all"}
      </p>
      {hasMore && (
        <Button size="sm" pending={pending} onClick={onMore}>
          {failed ? "Try again" : "Load more"}
        </Button>
      )}
    </div>
  );
}
