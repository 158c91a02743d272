import type { components } from "@/lib/schema";

type Report = components["schemas"]["ImportReport"];
export type ReportLine = Report["lines"][number];
export type Media = "text/csv" | "text/x-opml";

/** The API takes a MiB. */
export const MOST_BYTES = 1_048_576;

/** Whether it is OPML or a table, by how it begins: names of files say anything. */
export const mediaOf = (text: string): Media =>
  /^\s*</.test(text.replace(/^\uFEFF/, "")) ? "text/x-opml" : "text/csv";

/** What cannot be sent at all, before it is. */
export function fileFault(text: string): string | undefined {
  if (text.trim() === "") return "There is nothing in it.";
  if (new Blob([text]).size > MOST_BYTES) return "It is larger than 1 MiB. Import it in parts.";
  return undefined;
}

/** The report's lines with what stood on each. */
export function withSource(report: Report, text: string): (ReportLine & { source: string })[] {
  const lines = text.split(/\r\n|\r|\n/);
  return report.lines.map((line) => ({ ...line, source: lines[line.line - 1]?.trim() ?? "" }));
}

// A spreadsheet takes what begins so as a formula.
const FORMULA = /^[=+\-@\t\r]/;

/** A cell of CSV. */
function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * What failed, as a file. Of a table it is the table without the lines that worked, to be corrected and imported again;
 * of OPML, whose lines do not stand alone, a list with the reasons.
 */
export function failedFile(report: Report, text: string): { name: string; body: string } {
  const failed = withSource(report, text).filter(({ status }) => status === "failed");
  if (mediaOf(text) === "text/csv") {
    const header =
      text
        .replace(/^\uFEFF/, "")
        .split(/\r\n|\r|\n/)
        .find((line) => line.trim() !== "") ?? "";
    return { name: "failed-lines.csv", body: `${[header, ...failed.map(({ source }) => source)].join("\n")}\n` };
  }
  const rows = failed.map(({ line, message, source }) => [`${line}`, message ?? "", source].map(cell).join(","));
  return { name: "failed-lines-of-opml.csv", body: `${["line,message,source", ...rows].join("\n")}\n` };
}
