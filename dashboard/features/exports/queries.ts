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

/** Asked for again at this pace while something is made and no stream tells of it. */
export const PROGRESS_INTERVAL = 3_000;

export const isMoving = ({ state }: Export) => state === "queued" || state === "running";
