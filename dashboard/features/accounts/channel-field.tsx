"use client";

import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import type { Places } from "@/features/tracking/use-tracking";

const DEFAULT = "default";

interface ChannelFieldProps {
  places: Places;
  value: string | null;
  onChange: (channelId: string | null) => void;
  error?: string | undefined;
}

/** Where posts of an account go. Channels the bot cannot write to are shown and cannot be chosen. */
export function ChannelField({ places, value, onChange, error }: ChannelFieldProps) {
  const channels = places.channels.filter(({ type }) => type === "text" || type === "announcement");
  const options = [
    { value: DEFAULT, label: "The server's default channel" },
    ...channels.map((channel) => ({
      value: channel.id,
      label: channel.canSend ? `#${channel.name}` : `#${channel.name} (the bot may not write there)`,
      disabled: !channel.canSend,
    })),
  ];
  if (value !== null && !channels.some((channel) => channel.id === value)) {
    options.push({ value, label: places.channel(value) });
  }
  return (
    <Field label="Channel" hint="New posts are announced there." error={error}>
      <FormSelect
        options={options}
        value={value ?? DEFAULT}
        onValueChange={(next) => onChange(next === DEFAULT ? null : next)}
      />
    </Field>
  );
}
