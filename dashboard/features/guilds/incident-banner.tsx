"use client";

import { RelativeTime } from "@/components/data/time";
import { CloudAlert } from "@/components/ui/icons";
import { platformName } from "@/features/guilds/platform";
import { useQuery } from "@/lib/query/use-query";
import { STATUS_INTERVAL_CALM, statusQuery } from "./queries";

/** Platforms that are in trouble as a whole, above every page of the guild. */
export function IncidentBanner({ guildId }: { guildId: string }) {
  const { data } = useQuery({ ...statusQuery(guildId), refetchInterval: STATUS_INTERVAL_CALM });
  const incidents = data?.sources.filter((source) => source.state === "incident") ?? [];
  return (
    <div role="status">
      {incidents.map((incident) => (
        <p
          key={incident.platform}
          className="mb-4 flex items-start gap-2.5 rounded-lg border border-warning-solid/40 bg-warning-soft px-3 py-2.5 text-warning"
        >
          <CloudAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span>
            <strong className="font-medium">{platformName(incident.platform)} is in trouble</strong>
            {incident.since && (
              <>
                {" "}
                since <RelativeTime at={incident.since} />
              </>
            )}
            . Your accounts there are fine; new posts follow when it is over.
          </span>
        </p>
      ))}
    </div>
  );
}
