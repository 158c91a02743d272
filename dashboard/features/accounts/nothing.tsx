import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Plus, Users } from "@/components/ui/icons";
import { explain } from "@/lib/query/explain";

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
