import type { components } from "@/lib/schema";

type Export = components["schemas"]["Export"];
type ExportList = components["schemas"]["ExportList"];

/** The list with the export as it is now; one that nobody has seen yet comes first. */
export function withExport(list: ExportList, moved: Export): ExportList {
  const known = list.items.some((item) => item.id === moved.id);
  const items = known ? list.items.map((item) => (item.id === moved.id ? moved : item)) : [moved, ...list.items];
  return { ...list, items };
}
