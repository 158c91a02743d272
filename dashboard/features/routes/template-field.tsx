"use client";

import { Field as BaseField } from "@base-ui/react/field";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { insertAt, LONGEST_TEMPLATE, PLACEHOLDERS } from "./draft";

interface TemplateFieldProps {
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

const meaning: Record<(typeof PLACEHOLDERS)[number], string> = {
  account: "The account's name",
  author: "Who wrote it, else the account's name",
  title: "The post's title",
  text: "The beginning of its text",
  url: "Its address",
  platform: "Where it was published",
  kind: "Post, video, short, …",
  published: "When, as “3 minutes ago”",
};

/** The text above the post's card, with buttons for what a post fills in. */
export function TemplateField({ value, onChange, error }: TemplateFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const insert = (name: string) => {
    const field = area.current;
    if (!field) return;
    const { text, cursor } = insertAt(value, name, field.selectionStart, field.selectionEnd);
    if (text.length > LONGEST_TEMPLATE) return;
    onChange(text);
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(cursor, cursor);
    });
  };
  return (
    <div className="grid gap-2">
      <Field label="Text above the post" hint="Discord's markdown works. Empty: the post's card alone." error={error}>
        <BaseField.Control
          value={value}
          onValueChange={onChange}
          render={
            <Textarea ref={area} rows={3} maxLength={LONGEST_TEMPLATE} placeholder="New on {platform}: **{title}**" />
          }
        />
      </Field>
      <fieldset aria-label="Placeholders" className="flex flex-wrap gap-1.5">
        {PLACEHOLDERS.map((name) => (
          <Button key={name} size="sm" title={meaning[name]} onClick={() => insert(name)} className="font-mono">
            {`{${name}}`}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}
