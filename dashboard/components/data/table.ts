import {
  columnVisibilityFeature,
  createSortedRowModel,
  type ReactTable,
  type RowData,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";

/** What the tables of the dashboard can do; the rest of the library stays out of the bundle. */
export const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

export type Features = typeof features;
export type DataTable<T extends RowData> = ReactTable<Features, T>;

/** How a column lies in the grid of a virtual table. */
export interface ColumnLayout {
  /** Its name in the header and in the choice of columns. */
  label: string;
  /** A track of CSS grid. */
  track: string;
  numeric?: boolean;
}
