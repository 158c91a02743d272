import { Badge } from "@/components/ui/badge";
import { stateLabel, stateMeaning, stateTone } from "@/features/tracking/labels";
import type { Account } from "@/features/tracking/types";

/** The state of an account with the reason beside it, where there is one. */
export function StateCell({ account }: { account: Pick<Account, "state" | "stateReason"> }) {
  const { state, stateReason } = account;
  return (
    <div className="grid min-w-0 justify-items-start gap-0.5">
      <Badge tone={stateTone[state]} dot title={stateReason ?? stateMeaning[state]}>
        {stateLabel[state]}
      </Badge>
      {stateReason && (
        <span className="block w-full truncate text-muted text-xs" title={stateReason}>
          {stateReason}
        </span>
      )}
    </div>
  );
}
