"use client";

import { RelativeTime } from "@/components/data/time";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Trash2 } from "@/components/ui/icons";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { useNow } from "@/lib/format-hooks";
import type { Share } from "./queries";

interface ShareRowProps {
  item: Share;
  brand: string;
  access: WriteAccess;
  onRevoke: () => void;
}

export function ShareRow({ item, brand, access, onRevoke }: ShareRowProps) {
  const now = useNow();
  const expired = now !== null && Date.parse(item.expiresAt) <= now;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3" data-testid="share">
      <Avatar name={brand} src={null} square />
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-medium text-sm">{brand}</p>
        <p className="text-muted text-xs">
          Shared <RelativeTime at={item.createdAt} />
        </p>
      </div>
      <p className="text-muted text-xs sm:text-right">
        {item.lastViewedAt ? (
          <>
            Last opened <RelativeTime at={item.lastViewedAt} />
          </>
        ) : (
          "Not opened yet"
        )}
        <br />
        {expired ? "Expired" : "Expires"} <RelativeTime at={item.expiresAt} />
      </p>
      {access.canManage && (
        <Button
          size="sm"
          className="ml-auto sm:ml-0"
          disabled={access.away !== undefined}
          title={access.away}
          aria-label={`Revoke the link to ${brand}`}
          onClick={onRevoke}
        >
          <Trash2 aria-hidden />
          Revoke
        </Button>
      )}
    </li>
  );
}
