import { RelativeTime } from "@/components/data/time";
import { EmptyState } from "@/components/ui/empty-state";
import { SearchX } from "@/components/ui/icons";
import { LoadingLabel, Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
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

export function NoMatch({ searching }: { searching: boolean }) {
  return (
    <EmptyState icon={SearchX} title={searching ? "Nothing found so far" : "No account matches"}>
      {searching ? "The accounts are still being read." : "Try another word or take a filter away."}
    </EmptyState>
  );
}
