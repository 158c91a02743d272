import { read } from "@/lib/read";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Export = Schemas["Export"];
export type ExportCreate = Schemas["ExportCreate"];
export type ExportFilters = Schemas["ExportFilters"];
export type ExportKind = Schemas["ExportKind"];
export type ExportFormat = Schemas["ExportFormat"];

/** How many of the newest are shown; older ones have expired. */
const SHOWN = 50;

export const exportsQuery = (guildId: string) =>
  read("/guilds/{guildId}/exports", { params: { path: { guildId }, query: { limit: SHOWN } } });

export const isMoving = ({ state }: Export) => state === "queued" || state === "running";

/** How soon (ms) to ask again while something is made: rarely where a stream tells of it, in case an event was missed. */
export const whileMoving =
  (live: boolean) =>
  ({ state }: { state: { data?: Schemas["ExportList"] } }) =>
    state.data?.items.some(isMoving) ? (live ? 10_000 : 3_000) : false;
