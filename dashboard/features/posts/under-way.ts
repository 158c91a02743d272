import type { Delivery, Post } from "@/features/tracking/types";

const UNDER_WAY = new Set<Post["delivery"]["state"]>(["pending", "sending", "retry"]);

/** Whether a delivery, or those of a post taken together, will yet move by itself. */
export const isUnderWay = (delivery: Pick<Delivery | Post["delivery"], "state"> | undefined): boolean =>
  delivery !== undefined && UNDER_WAY.has(delivery.state);
