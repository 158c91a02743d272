import { RelativeTime } from "@/components/data/time";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Plus, SearchX, Users } from "@/components/ui/icons";
import { LoadingLabel, Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { explain } from "@/lib/query/errors";
import type { useAccounts } from "./use-accounts";

/** How many there are, how far they are read, and how old what they say is. */
export function AccountsHint(list: ReturnType<typeof useAccounts>) {
  const locale = useLocale();
  const { isPending, known, accounts, filtering, complete, total, asOf } = list;
  if (isPending) return <Skeleton className="mt-1 w-40" />;
  const count = (value: number) => number(value, locale);
  return (
    <p>
      <span role="status">
        {filtering ? `${count(accounts.length)} of ${count(total)}` : count(total)}{" "}
        {total === 1 ? "account" : "accounts"}
      </span>
      {!complete && known.length > 0 && known.length < total && ` · ${count(known.length)} read so far`}
      {asOf && (
        <>
          {" · "}as of <RelativeTime at={asOf} />
        </>
      )}
    </p>
  );
}

export function AccountsSkeleton() {
  return (
    <div className="rounded-lg border bg-surface shadow-card">
      <LoadingLabel>Loading accounts</LoadingLabel>
      <SkeletonRows rows={9} />
    </div>
  );
}

export function NoAccounts({ canManage, onTrack }: { canManage: boolean; onTrack: () => void }) {
  return (
    <EmptyState
      icon={Users}
      title="No account is tracked yet"
      action={
        canManage && (
          <Button variant="primary" onClick={onTrack}>
            <Plus aria-hidden />
            Track an account
          </Button>
        )
      }
    >
      {canManage
        ? "Paste the address of a profile, a channel or a feed. What it publishes from then on appears here and in Discord."
        : "Someone with Manage Server in Discord can add the first."}
    </EmptyState>
  );
}

export function NoMatch({ searching }: { searching: boolean }) {
  return (
    <EmptyState icon={SearchX} title={searching ? "Nothing found so far" : "No account matches"}>
      {searching ? "The accounts are still being read." : "Try another word or take a filter away."}
    </EmptyState>
  );
}

interface UnavailableProps {
  error: Error;
  onRetry: () => void;
  retrying: boolean;
}

/** There is no answer and nothing stored from before. */
export function Unavailable({ error, onRetry, retrying }: UnavailableProps) {
  const { title, advice, requestId } = explain(error);
  return <ErrorState title={title} detail={advice} requestId={requestId} onRetry={onRetry} retrying={retrying} />;
}
