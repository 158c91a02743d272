"use client";

import { Combobox } from "@/components/ui/combobox";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { Input } from "@/components/ui/input";
import { channelsQuery } from "@/features/tracking/queries";
import { useQuery } from "@/lib/query/use-query";
import { labels } from "./changes";
import { rolesQuery } from "./queries";
import { Group, type GroupProps, Toggle } from "./rows";

const digests = [
  { value: "off", label: "Each post by itself" },
  { value: "hourly", label: "Once an hour, together" },
  { value: "daily", label: "Once a day, together" },
] as const;

const NIGHT = { start: "22:00", end: "07:00" };

/** Where, when and how new posts are announced. */
export function Announcements({ guildId, value, errors, disabled, onChange }: GroupProps) {
  const hours = value.quietHours;
  return (
    <Group id="announcements" title="Announcements" hint="What the bot writes in your server">
      <Toggle
        label={labels.notificationsEnabled}
        hint="Off: posts are stored and shown here, not sent to Discord."
        checked={value.notificationsEnabled}
        disabled={disabled}
        error={errors.notificationsEnabled}
        onChange={(notificationsEnabled) => onChange({ notificationsEnabled })}
      />
      <Field
        label={labels.digest}
        hint="A digest gathers posts into one message."
        error={errors.digest}
        disabled={disabled}
      >
        <FormSelect
          options={digests}
          value={value.digest}
          onValueChange={(digest) => onChange({ digest })}
          disabled={disabled}
        />
      </Field>
      <ChannelField {...{ guildId, value, errors, disabled, onChange }} />
      <RoleField {...{ guildId, value, errors, disabled, onChange }} />
      <Toggle
        label={labels.quietHours}
        hint="Nothing is announced between these times of your time zone; it follows afterwards."
        checked={hours !== null}
        disabled={disabled}
        error={errors.quietHours}
        onChange={(on) => onChange({ quietHours: on ? NIGHT : null })}
      />
      {hours && (
        <div className="grid grid-cols-2 gap-3">
          <Field label="Quiet from" disabled={disabled}>
            <Input
              type="time"
              value={hours.start}
              onValueChange={(start) => onChange({ quietHours: { ...hours, start: String(start) } })}
            />
          </Field>
          <Field label="Quiet until" disabled={disabled}>
            <Input
              type="time"
              value={hours.end}
              onValueChange={(end) => onChange({ quietHours: { ...hours, end: String(end) } })}
            />
          </Field>
        </div>
      )}
    </Group>
  );
}

function ChannelField({ guildId, value, errors, disabled, onChange }: GroupProps) {
  const { data } = useQuery(channelsQuery(guildId));
  const usable = (data?.items ?? []).filter(({ type }) => type === "text" || type === "announcement");
  const options = usable.map(({ id, name, canSend }) => ({
    value: id,
    label: canSend ? `#${name}` : `#${name} (the bot may not write there)`,
    disabled: !canSend,
  }));
  return (
    <Field
      label={labels.defaultChannelId}
      hint="For accounts without a channel of their own. Empty: they are not announced."
      error={errors.defaultChannelId}
      disabled={disabled}
    >
      <Combobox
        label={labels.defaultChannelId}
        placeholder="No channel"
        empty="No channel of that name that the bot sees."
        options={withUnknown(options, value.defaultChannelId)}
        value={value.defaultChannelId}
        onValueChange={(defaultChannelId) => onChange({ defaultChannelId })}
        disabled={disabled}
        clearable
      />
    </Field>
  );
}

function RoleField({ guildId, value, errors, disabled, onChange }: GroupProps) {
  const { data } = useQuery(rolesQuery(guildId));
  const options = (data?.items ?? []).map(({ id, name, mentionable }) => ({
    value: id,
    label: mentionable ? `@${name}` : `@${name} (the bot may not mention it)`,
    disabled: !mentionable,
  }));
  return (
    <Field
      label={labels.mentionRoleId}
      hint="Is pinged with each announcement. Empty: nobody is."
      error={errors.mentionRoleId}
      disabled={disabled}
    >
      <Combobox
        label={labels.mentionRoleId}
        placeholder="Nobody"
        empty="No role of that name that the bot sees."
        options={withUnknown(options, value.mentionRoleId)}
        value={value.mentionRoleId}
        onValueChange={(mentionRoleId) => onChange({ mentionRoleId })}
        disabled={disabled}
        clearable
      />
    </Field>
  );
}

type Choice = { value: string; label: string; disabled: boolean };

/** What is chosen stays a choice when the bot no longer sees it. */
function withUnknown(options: Choice[], chosen: string | null): Choice[] {
  if (chosen === null || options.some((option) => option.value === chosen)) return options;
  return [...options, { value: chosen, label: `Not seen by the bot (${chosen})`, disabled: true }];
}
