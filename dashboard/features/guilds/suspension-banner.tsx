"use client";

import { RelativeTime } from "@/components/data/time";
import { Lock } from "@/components/ui/icons";
import type { components } from "@/lib/schema";
import { sentence } from "./reason";

/** That the operator has suspended the guild and why, above every page of it. */
export function SuspensionBanner({ since, reason }: components["schemas"]["Suspension"]) {
  return (
    <p
      role="status"
      className="mb-4 flex items-start gap-2.5 rounded-lg border border-danger-solid/40 bg-danger-soft px-3 py-2.5 text-danger"
    >
      <Lock aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <span>
        <strong className="font-medium">This server is suspended</strong> since <RelativeTime at={since} />:{" "}
        {sentence(reason)} Nothing is tracked or announced. What is stored can be read and exported.
      </span>
    </p>
  );
}
