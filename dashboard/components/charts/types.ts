export type Series = {
  key: string;
  label: string;
  /** Which of the six chart colours. */
  color: 1 | 2 | 3 | 4 | 5 | 6;
  /** For the period before: drawn thin and dashed. */
  faint?: boolean;
};

export type Point = {
  /** A day, as the axis and the table name it. */
  label: string;
  values: Readonly<Record<string, number | null>>;
};

export type TimeChartProps = {
  /** What the chart shows; the caption of its table. */
  title: string;
  kind?: "bar" | "line";
  series: readonly Series[];
  points: readonly Point[];
  className?: string;
};
