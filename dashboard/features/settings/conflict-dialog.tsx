"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { conflicts, type Key, labels } from "./changes";
import type { Settings } from "./queries";

type ConflictProps = {
  base: Settings;
  mine: Settings;
  /** What somebody else saved meanwhile; null while there is no conflict. */
  theirs: Settings | null;
  pending: boolean;
  onClose: () => void;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
};

export function ConflictDialog({ base, mine, theirs, pending, onClose, onKeepMine, onTakeTheirs }: ConflictProps) {
  const rows = theirs ? conflicts(base, mine, theirs) : [];
  return (
    <Dialog
      open={theirs !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Somebody else saved first"
      description="Choose what holds. Keeping yours takes over what they changed elsewhere."
      footer={
        <>
          <Button onClick={onTakeTheirs} disabled={pending}>
            Take theirs
          </Button>
          <Button variant="primary" onClick={onKeepMine} pending={pending}>
            Keep mine
          </Button>
        </>
      }
    >
      {theirs && rows.length > 0 ? (
        <Table caption="Settings that differ">
          <thead>
            <tr>
              <Th>Setting</Th>
              <Th>Yours</Th>
              <Th>Theirs</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((key) => (
              <Tr key={key}>
                <Th scope="row" className="border-0 text-fg">
                  {labels[key]}
                </Th>
                <Td>{words(mine, key)}</Td>
                <Td>{words(theirs, key)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      ) : (
        <p className="text-muted">Their changes are the same as yours, or in what you did not touch.</p>
      )}
    </Dialog>
  );
}

function words(settings: Settings, key: Key): string {
  const value = settings[key];
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "object") return `${value.start} to ${value.end}`;
  return String(value);
}
