"use client";

import { Combobox } from "@/components/ui/combobox";
import { Field } from "@/components/ui/field";
import { SegmentedControl } from "@/components/ui/segmented-control";
import type { TargetKind } from "./draft";
import type { Names } from "./names";

interface Choice {
  kind: TargetKind;
  id: string | null;
}

const KINDS = [
  { value: "brand", label: "Brand" },
  { value: "group", label: "Group" },
  { value: "account", label: "Account" },
] as const satisfies readonly { value: TargetKind; label: string }[];

const byLabel = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label);

function optionsOf(names: Names, kind: TargetKind) {
  if (kind === "brand") return names.brands.map(({ id, name }) => ({ value: id, label: name })).sort(byLabel);
  if (kind === "group") return names.groups.map(({ id }) => ({ value: id, label: names.groupName(id) })).sort(byLabel);
  return names.accounts.map((account) => ({ value: account.id, label: names.accountName(account) })).sort(byLabel);
}

/** What a route is of. */
export function TargetPicker({ names, kind, id, onChange }: Choice & { names: Names; onChange: (to: Choice) => void }) {
  const label = KINDS.find(({ value }) => value === kind)?.label ?? "";
  const options = optionsOf(names, kind);
  return (
    <div className="grid gap-2">
      <SegmentedControl
        label="Posts of"
        value={kind}
        options={KINDS}
        onValueChange={(next) => onChange({ kind: next, id: optionsOf(names, next)[0]?.value ?? null })}
        className="w-fit"
      />
      <Field
        label={`Posts of the ${label.toLowerCase()}`}
        error={options.length === 0 ? `There is no ${label.toLowerCase()} yet.` : undefined}
      >
        <Combobox
          label={label}
          placeholder={`Choose the ${label.toLowerCase()}`}
          options={options}
          value={id}
          onValueChange={(next) => onChange({ kind, id: next })}
        />
      </Field>
    </div>
  );
}

interface PickerProps {
  names: Names;
  value: string | null;
  onChange: (id: string | null) => void;
  error?: string | undefined;
}

/** The options, with the chosen one where it is none of them any more. */
function withChosen(
  options: { value: string; label: string; disabled: boolean }[],
  value: string | null,
  gone: string,
) {
  if (value === null || options.some((option) => option.value === value)) return options;
  return [...options, { value, label: gone, disabled: true }];
}

export function ChannelPicker({ names, value, onChange, error }: PickerProps) {
  const options = names.channels
    .filter(({ type }) => type === "text" || type === "announcement")
    .map(({ id, name, canSend }) => ({
      value: id,
      label: canSend ? `#${name}` : `#${name} (the bot may not write there)`,
      disabled: !canSend,
    }));
  return (
    <Field label="Channel" hint="The bot must be able to write there." error={error}>
      <Combobox
        label="Channel"
        placeholder="Choose a channel"
        empty="No channel of that name that the bot sees."
        options={withChosen(options, value, "A channel the bot no longer sees")}
        value={value}
        onValueChange={onChange}
      />
    </Field>
  );
}

export function RolePicker({ names, value, onChange, error }: PickerProps) {
  const options = names.roles.map(({ id, name, mentionable }) => ({
    value: id,
    label: mentionable ? `@${name}` : `@${name} (the bot may not mention it)`,
    disabled: !mentionable,
  }));
  return (
    <Field label="Role to ping" hint="Empty: nobody is pinged." error={error}>
      <Combobox
        label="Role to ping"
        placeholder="Nobody"
        empty="No role of that name that the bot sees."
        options={withChosen(options, value, "A role the bot no longer sees")}
        value={value}
        onValueChange={onChange}
        clearable
      />
    </Field>
  );
}
