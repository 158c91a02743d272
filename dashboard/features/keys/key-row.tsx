"use client";

import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Trash2 } from "@/components/ui/icons";
import { useMe } from "@/features/account/use-me";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { endsSoon } from "@/lib/expiry";
import { useNow } from "@/lib/format-hooks";
import type { ApiKey } from "./queries";

interface KeyRowProps {
  item: ApiKey;
  access: WriteAccess;
  onRevoke: () => void;
}

export function KeyRow({ item, access, onRevoke }: KeyRowProps) {
  const now = useNow();
  const me = useMe();
  const soon = now !== null && endsSoon(item.expiresAt, now);
  const expired = now !== null && Date.parse(item.expiresAt) <= now;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3" data-testid="api-key">
      <div className="min-w-0 flex-1 basis-full sm:basis-56">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <span className="min-w-0 truncate">{item.name}</span>
          <Badge tone={item.scopes.includes("write") ? "accent" : "neutral"}>
            {item.scopes.includes("write") ? "Read and write" : "Read"}
          </Badge>
        </p>
        <p className="text-muted text-xs">
          <code className="font-mono">{item.prefix}…</code> · made <RelativeTime at={item.createdAt} /> by{" "}
          {me?.user.id === item.createdBy ? "you" : (item.createdByName ?? "someone who has left")}
        </p>
      </div>
      <p className="text-muted text-xs sm:text-right">
        {item.lastUsedAt ? (
          <>
            Last used <RelativeTime at={item.lastUsedAt} />
          </>
        ) : (
          "Never used"
        )}
        <br />
        <span className={soon ? "font-medium text-warning" : undefined}>
          {expired ? "Expired" : "Expires"} <RelativeTime at={item.expiresAt} />
        </span>
      </p>
      {access.canManage && (
        <Button
          size="sm"
          className="ml-auto sm:ml-0"
          disabled={access.away !== undefined}
          title={access.away}
          aria-label={`Revoke ${item.name}`}
          onClick={onRevoke}
        >
          <Trash2 aria-hidden />
          Revoke
        </Button>
      )}
    </li>
  );
}
