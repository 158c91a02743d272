"use client";

import { useMemo } from "react";
import { Combobox } from "@/components/ui/combobox";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { Input } from "@/components/ui/input";
import { labels } from "./changes";
import { Group, type GroupProps, Toggle } from "./rows";

const USUAL_FACTOR = 3;

/** Alerts and the look of messages. */
export function Messages({ value, errors, disabled, onChange }: GroupProps) {
  const factor = value.breakoutFactor;
  return (
    <Group id="messages" title="Alerts and looks">
      <div className="grid content-start gap-3">
        <Toggle
          label={labels.breakoutFactor}
          hint="Tells when a post does far better than the account's posts usually do at its age."
          checked={factor !== null}
          disabled={disabled}
          error={factor === null ? errors.breakoutFactor : undefined}
          onChange={(on) => onChange({ breakoutFactor: on ? USUAL_FACTOR : null })}
        />
        {factor !== null && (
          <Field label="Times the median" error={errors.breakoutFactor} disabled={disabled}>
            <Input
              type="number"
              min={2}
              max={20}
              step={0.5}
              value={Number.isNaN(factor) ? "" : factor}
              onValueChange={(next) => onChange({ breakoutFactor: next === "" ? Number.NaN : Number(next) })}
              className="w-28"
            />
          </Field>
        )}
      </div>
      <Toggle
        label={labels.weeklyScorecard}
        hint="On Mondays at nine, a message about each brand that had posts in the week."
        checked={value.weeklyScorecard}
        disabled={disabled}
        error={errors.weeklyScorecard}
        onChange={(weeklyScorecard) => onChange({ weeklyScorecard })}
      />
      <Field
        label={labels.embedColor}
        hint="The stripe beside each message in Discord."
        error={errors.embedColor}
        disabled={disabled}
      >
        <div className="flex items-center gap-2">
          <input
            type="color"
            aria-label="Pick the colour"
            value={/^#[0-9a-f]{6}$/i.test(value.embedColor) ? value.embedColor : "#000000"}
            disabled={disabled}
            onChange={(event) => onChange({ embedColor: event.target.value })}
            className="size-8 shrink-0 cursor-pointer rounded-md border border-line-strong bg-surface p-1 disabled:cursor-not-allowed disabled:opacity-50 pointer-coarse:size-10"
          />
          <Input
            value={value.embedColor}
            spellCheck={false}
            onValueChange={(embedColor) => onChange({ embedColor: String(embedColor) })}
            className="w-28 font-mono"
          />
        </div>
      </Field>
    </Group>
  );
}

/** Zone and language of times and figures in Discord. */
export function Region({ value, errors, disabled, onChange }: GroupProps) {
  const zones = useMemo(() => {
    const all = ["UTC", ...Intl.supportedValuesOf("timeZone")];
    return [...new Set([value.timezone, ...all])].map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
  }, [value.timezone]);
  return (
    <Group id="region" title="Region" hint="For days, quiet hours and how messages are written">
      <Field label={labels.timezone} error={errors.timezone} disabled={disabled}>
        <Combobox
          label={labels.timezone}
          options={zones}
          value={value.timezone}
          onValueChange={(timezone) => timezone && onChange({ timezone })}
          disabled={disabled}
        />
      </Field>
      <Field label={labels.locale} hint="Such as en, en-GB, de or pt-BR." error={errors.locale} disabled={disabled}>
        <Input
          value={value.locale}
          spellCheck={false}
          onValueChange={(locale) => onChange({ locale: String(locale) })}
          className="max-w-40"
        />
      </Field>
    </Group>
  );
}

const access = [
  { value: "members", label: "Every member of the server" },
  { value: "managers", label: "Only those with Manage Server" },
] as const;

export function Access({ value, errors, disabled, onChange }: GroupProps) {
  return (
    <Group id="access" title="Access">
      <Field
        label={labels.dashboardAccess}
        hint="Changes always need the Manage Server permission in Discord."
        error={errors.dashboardAccess}
        disabled={disabled}
      >
        <FormSelect
          options={access}
          value={value.dashboardAccess}
          onValueChange={(dashboardAccess) => onChange({ dashboardAccess })}
          disabled={disabled}
        />
      </Field>
    </Group>
  );
}
