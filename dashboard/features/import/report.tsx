"use client";

import { useState } from "react";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Download } from "@/components/ui/icons";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import type { components } from "@/lib/schema";
import { failedFile, type ReportLine, withSource } from "./lines";

type Status = ReportLine["status"];

const label: Record<Status, string> = { created: "Tracked", exists: "There already", failed: "Failed" };
const tone: Record<Status, Tone> = { created: "success", exists: "neutral", failed: "danger" };

/** Most lines drawn at once: the rest is in the file. */
const SHOWN = 200;

interface ImportResultProps {
  report: components["schemas"]["ImportReport"];
  text: string;
  onAgain: () => void;
  onClose: () => void;
}

/** What became of each line. */
export function ImportResult({ report, text, onAgain, onClose }: ImportResultProps) {
  const locale = useLocale();
  const [only, setOnly] = useState<Status | "all">(report.failed > 0 ? "failed" : "all");
  const count = (value: number) => number(value, locale);
  const all = withSource(report, text);
  const lines = all.filter(({ status }) => only === "all" || status === only);
  return (
    <div className="grid gap-4">
      <p role="status" className="text-sm">
        {count(report.created)} tracked, {count(report.existing)} there already, {count(report.failed)} failed.
      </p>
      <SegmentedControl
        label="Lines"
        value={only}
        onValueChange={setOnly}
        className="w-fit max-w-full overflow-x-auto"
        options={[
          { value: "all", label: `All ${count(all.length)}` },
          { value: "failed", label: `Failed ${count(report.failed)}` },
          { value: "created", label: `Tracked ${count(report.created)}` },
          { value: "exists", label: `There ${count(report.existing)}` },
        ]}
      />
      <div className="max-h-80 overflow-y-auto rounded-md border">
        <Table caption="Lines of the import">
          <thead>
            <tr>
              <Th numeric>Line</Th>
              <Th>Result</Th>
              <Th>What</Th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, SHOWN).map((line, place) => (
              <Tr key={`${line.line} ${line.accountId ?? place}`}>
                <Td numeric>{line.line}</Td>
                <Td>
                  <Badge tone={tone[line.status]} dot>
                    {label[line.status]}
                  </Badge>
                </Td>
                <Td>
                  <code className="wrap-anywhere line-clamp-2 font-mono text-xs">{line.source}</code>
                  {line.message && <span className="text-muted text-xs">{line.message}</span>}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
        {lines.length === 0 && <p className="p-4 text-center text-muted text-sm">No such lines.</p>}
        {lines.length > SHOWN && (
          <p className="border-t p-2 text-center text-muted text-xs">The first {SHOWN} are shown.</p>
        )}
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2">
        {report.failed > 0 && (
          <Button className="mr-auto" onClick={() => save(failedFile(report, text))}>
            <Download aria-hidden />
            Download failed lines
          </Button>
        )}
        <Button onClick={onAgain}>Import more</Button>
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}

function save({ name, body }: { name: string; body: string }) {
  const url = URL.createObjectURL(new Blob([body], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
