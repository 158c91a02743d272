"use client";

import { useState } from "react";
import { guildHref } from "@/components/shell/navigation";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { Link } from "@/components/ui/link";
import { notify } from "@/components/ui/toast";
import { explain } from "@/lib/query/explain";
import { useStale } from "@/lib/query/provider";
import { FORMATS, formatLabel, KINDS, kindLabel, scopeOf } from "./labels";
import { useExportWrites } from "./mutations";
import type { ExportFilters, ExportFormat, ExportKind } from "./queries";

interface OrderDialogProps {
  guildId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** What the screen shows, where the export is of that; otherwise the kind is chosen here. */
  of?: { kind: ExportKind; filters: ExportFilters };
}

const kinds = KINDS.map((value) => ({ value, label: kindLabel[value] }));
const formats = FORMATS.map((value) => ({ value, label: formatLabel[value] }));

/** Orders a file of a list. */
export function OrderDialog({ guildId, open, onOpenChange, of }: OrderDialogProps) {
  const [kind, setKind] = useState<ExportKind>("posts");
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [key, setKey] = useState(() => crypto.randomUUID());
  const { order } = useExportWrites(guildId);
  const stale = useStale();
  const body = { kind: of?.kind ?? kind, format, filters: of?.filters ?? {} };
  const submit = () =>
    order.mutate(
      { body, key },
      {
        onSuccess: () => {
          notify.success("The export is in the making", { description: "It stands under Exports when it is ready." });
          setKey(crypto.randomUUID());
          onOpenChange(false);
        },
      },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={of ? `Export ${kindLabel[of.kind].toLowerCase()}` : "New export"}
      description={
        of ? scopeOf(of.filters) : "A file of everything there is. To narrow it, export from the list itself."
      }
      footer={
        <>
          <DialogClose render={<Button>Cancel</Button>} />
          <Button variant="primary" pending={order.isPending} disabled={stale} onClick={submit}>
            Export
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {!of && (
          <Field label="What">
            <FormSelect options={kinds} value={kind} onValueChange={setKind} />
          </Field>
        )}
        <Field label="Format" hint="CSV and Excel for spreadsheets, JSON lines for programs. Times are in UTC.">
          <FormSelect options={formats} value={format} onValueChange={setFormat} />
        </Field>
        {order.error && <Refusal error={order.error} guildId={guildId} />}
      </div>
    </Dialog>
  );
}

function Refusal({ error, guildId }: { error: unknown; guildId: string }) {
  const { title, advice } = explain(error);
  return (
    <div role="alert" className="rounded-md border border-danger bg-danger-soft p-3 text-sm">
      <p className="font-medium">{title}</p>
      <p className="text-muted">
        {advice}{" "}
        <Link href={guildHref(guildId, "/usage")} className="underline">
          See your limits
        </Link>
      </p>
    </div>
  );
}
