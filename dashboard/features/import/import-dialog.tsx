"use client";

import { Field as BaseField } from "@base-ui/react/field";
import { type FormEvent, useId, useRef, useState } from "react";
import { Refusal } from "@/components/data/refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FileUp } from "@/components/ui/icons";
import { Textarea } from "@/components/ui/input";
import { GroupField } from "@/features/accounts/place-fields";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import type { components } from "@/lib/schema";
import { fileFault, mediaOf } from "./lines";
import { ImportResult } from "./report";
import { useImport } from "./use-import";

interface ImportDialogProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
  open: boolean;
  onClose: () => void;
}

type Done = { report: components["schemas"]["ImportReport"]; text: string };

/** Tracks the accounts of a CSV or OPML file, or of a list that is pasted, and tells what became of each line. */
export function ImportDialog({ open, onClose, ...rest }: ImportDialogProps) {
  const [done, setDone] = useState<Done | null>(null);
  const close = () => {
    onClose();
    setDone(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={done ? "Import report" : "Import accounts"}
      description={
        done
          ? undefined
          : "A CSV table, or the OPML file that feed readers export. One bad line does not spoil the rest."
      }
      className="max-w-2xl"
    >
      {done ? (
        <ImportResult {...done} onAgain={() => setDone(null)} onClose={close} />
      ) : (
        <ImportForm {...rest} onDone={setDone} />
      )}
    </Dialog>
  );
}

type FormProps = Omit<ImportDialogProps, "open" | "onClose"> & { onDone: (done: Done) => void };

function ImportForm({ guildId, places, access, onDone }: FormProps) {
  const [text, setText] = useState("");
  const [file, setFile] = useState<string | null>(null);
  const [fault, setFault] = useState<string>();
  const [chosen, setChosen] = useState<string | null>(null);
  const send = useImport(guildId);
  const input = useRef<HTMLInputElement>(null);
  const form = useId();
  const groupId = chosen ?? places.groups[0]?.id ?? null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = fileFault(text);
    setFault(wrong);
    if (wrong !== undefined || groupId === null) return;
    send.mutate({ text, groupId }, { onSuccess: (report) => onDone({ report, text }) });
  };
  const take = async (chosenFile: File | undefined) => {
    if (!chosenFile) return;
    setFile(chosenFile.name);
    setFault(undefined);
    setText(await chosenFile.text());
  };

  return (
    <>
      <form id={form} onSubmit={submit} className="grid gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <input
            ref={input}
            type="file"
            accept=".csv,.tsv,.txt,.opml,.xml,text/csv,text/x-opml,text/xml"
            aria-label="File to import"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => void take(event.target.files?.[0])}
          />
          <Button onClick={() => input.current?.click()}>
            <FileUp aria-hidden />
            Choose a file
          </Button>
          <span role="status" className="min-w-0 truncate text-muted text-sm">
            {file ?? "or paste below"}
          </span>
        </div>
        <Field
          label="What to import"
          hint="CSV begins with a line of column names: url, or platform and handle; brand, group and channelId if you like. At most 1,000 lines."
          error={fault}
        >
          <BaseField.Control
            value={text}
            onValueChange={(next) => {
              setText(next);
              setFile(null);
            }}
            render={
              <Textarea
                rows={7}
                spellCheck={false}
                className="max-h-64 font-mono text-xs"
                placeholder={"url,group\nhttps://example.org/feed.xml,News\n@news.example.org,News"}
              />
            }
          />
        </Field>
        <GroupField {...{ guildId, places, value: groupId, onChange: setChosen }} />
        <p className="-mt-2 text-muted text-xs">
          For lines that name no group. Groups and brands that are new are made.
        </p>
        {send.error && <Refusal guildId={guildId} error={send.error} />}
      </form>
      <div className="mt-5 flex items-center justify-end gap-2">
        {send.isPending && (
          <span role="status" className="mr-auto text-muted text-xs">
            Looking them up at their platforms; this takes up to 15 seconds…
          </span>
        )}
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          variant="primary"
          type="submit"
          form={form}
          pending={send.isPending}
          disabled={access.blocked !== undefined || groupId === null || text.trim() === ""}
          title={access.blocked}
        >
          Import {text.trim() !== "" && (mediaOf(text) === "text/csv" ? "CSV" : "OPML")}
        </Button>
      </div>
    </>
  );
}
