import { fireEvent, render, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { failedFile, fileFault, mediaOf } from "./lines";
import { ImportResult } from "./report";

const csv = "\uFEFFurl,group\r\nhttps://a.example/feed,News\r\nnonsense,News\r\nhttps://b.example/feed,News\r\n";
const report = {
  ...{ created: 1, existing: 1, failed: 1 },
  lines: [
    { line: 2, status: "created" as const, accountId: "a1", message: null },
    { line: 3, status: "failed" as const, accountId: null, message: "This is no address." },
    { line: 4, status: "exists" as const, accountId: "a2", message: null },
  ],
};

it("tells a table from OPML by how it begins", () => {
  expect(mediaOf(csv)).toBe("text/csv");
  expect(mediaOf("\uFEFF\n<?xml version='1.0'?><opml/>")).toBe("text/x-opml");
});

it("refuses nothing and too much before it is sent", () => {
  expect(fileFault(" \n")).toMatch(/nothing/);
  expect(fileFault("é".repeat(600_000))).toMatch(/1 MiB/);
  expect(fileFault(csv)).toBeUndefined();
});

it("gives the failed lines of a table as a table that can be imported again", () => {
  expect(failedFile(report, csv)).toEqual({ name: "failed-lines.csv", body: "url,group\nnonsense,News\n" });
});

it("gives those of OPML with their reasons, and no cell that a spreadsheet would run", () => {
  const opml = '<opml><body>\n<outline xmlUrl="x"/>\n</body></opml>';
  const failed = { ...report, lines: [{ line: 2, status: "failed" as const, accountId: null, message: "=1+1" }] };
  expect(failedFile(failed, opml).body).toBe('line,message,source\n2,\'=1+1,"<outline xmlUrl=""x""/>"\n');
});

it("shows what failed first, and the rest by choice", () => {
  const done = vi.fn();
  render(<ImportResult report={report} text={csv} onAgain={() => {}} onClose={done} />);
  expect(screen.getByRole("status")).toHaveTextContent("1 tracked, 1 there already, 1 failed.");
  const table = screen.getByRole("table");
  expect(within(table).getAllByRole("row")).toHaveLength(2);
  expect(within(table).getByText("This is no address.")).toBeVisible();
  fireEvent.click(screen.getByRole("button", { name: "All 3" }));
  expect(within(table).getAllByRole("row")).toHaveLength(4);
  fireEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(done).toHaveBeenCalledOnce();
});
