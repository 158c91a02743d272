"use client";

import { useState } from "react";
import { faultOf } from "@/components/data/refusal";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { kindLabel } from "@/features/tracking/labels";
import { POST_KINDS } from "@/features/tracking/values";
import { type Draft, wordsFault, wordsOf } from "./draft";

interface FilterFieldsProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  error: unknown;
}

/** Which posts a route lets through. */
export function FilterFields({ draft, onChange, error }: FilterFieldsProps) {
  const fault = draft.kinds.length === 0 ? "Choose at least one." : faultOf(error, "kinds");
  return (
    <>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-medium text-sm">Kinds of posts</legend>
        <div className="grid grid-cols-2 gap-2 sm:grid-cols-3">
          {POST_KINDS.map((kind) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: Base UI's checkbox is the control
            <label key={kind} className="flex w-fit items-center gap-2 text-sm">
              <Checkbox
                checked={draft.kinds.includes(kind)}
                onCheckedChange={(checked) =>
                  onChange({ kinds: POST_KINDS.filter((k) => (k === kind ? checked : draft.kinds.includes(k))) })
                }
              />
              {kindLabel[kind]}
            </label>
          ))}
        </div>
        {fault && (
          <p role="alert" className="font-medium text-danger text-xs">
            {fault}
          </p>
        )}
      </fieldset>
      <WordsField
        label="Only with these words"
        hint="Separated by commas. One of them is enough; empty lets all through."
        words={draft.include}
        onChange={(include) => onChange({ include })}
        error={faultOf(error, "include")}
      />
      <WordsField
        label="Never with these words"
        hint="A post with one of them is left out."
        words={draft.exclude}
        onChange={(exclude) => onChange({ exclude })}
        error={faultOf(error, "exclude")}
      />
    </>
  );
}

interface WordsFieldProps {
  label: string;
  hint: string;
  words: readonly string[];
  onChange: (words: string[]) => void;
  error: string | undefined;
}

function WordsField({ label, hint, words, onChange, error }: WordsFieldProps) {
  // The text as it is typed: what it means must not move the cursor.
  const [text, setText] = useState(words.join(", "));
  return (
    <Field label={label} hint={hint} error={wordsFault(words) ?? error}>
      <Input
        value={text}
        onValueChange={(next) => {
          setText(next);
          onChange(wordsOf(next));
        }}
        autoComplete="off"
      />
    </Field>
  );
}
