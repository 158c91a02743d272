import type { Delivery } from "@/features/tracking/types";

export const kindWords: Record<Delivery["kind"], string> = {
  announcement: "Announcement",
  breakout: "Breakout alert",
  digest: "Digest",
};

const steps: Record<string, string> = {
  matched: "A route wanted it",
  queued: "Put into the queue",
  held: "Held back",
  digest: "Put into the digest",
  skipped: "Not sent",
  sending: "Being sent",
  sent: "Sent",
  retry: "Did not work, tried again",
  dead: "Given up",
  replayed: "Sent again by a manager",
};

/** What was decided, in words; a step that is new here is written as the API names it. */
export function stepWords(step: string): string {
  const known = steps[step];
  if (known !== undefined) return known;
  const words = step.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface Moment {
  label: string;
  at: string | null;
  /** Milliseconds since the moment before; null where either is missing. */
  after: number | null;
}

/** The four times of a delivery, each with how long it took since the one before. */
export function moments(delivery: Delivery): Moment[] {
  const times: [string, string | null][] = [
    ["Published", delivery.publishedAt],
    ["Detected", delivery.detectedAt],
    ["Queued", delivery.queuedAt],
    ["Delivered", delivery.deliveredAt],
  ];
  return times.map(([label, at], index) => {
    const before = times[index - 1]?.[1] ?? null;
    const apart = at !== null && before !== null ? Date.parse(at) - Date.parse(before) : null;
    return { label, at, after: apart !== null && apart >= 0 ? apart : null };
  });
}
