"use client";

import { type FormEvent, useId, useState } from "react";
import { guildHref } from "@/components/shell/navigation";
import { Button, LinkButton } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormSelect } from "@/components/ui/form-select";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/toast";
import { platformLabel } from "@/features/tracking/labels";
import { PlatformIcon } from "@/features/tracking/platform-icon";
import { guildQuery } from "@/features/tracking/queries";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";
import { fields } from "@/lib/query/errors";
import { explain } from "@/lib/query/explain";
import { useQuery } from "@/lib/query/use-query";
import type { components } from "@/lib/schema";
import { ChannelField } from "./channel-field";
import { detect } from "./detect";
import { accountName } from "./layout";
import { useAccountWrites } from "./mutations";
import { GroupField } from "./place-fields";

type Choice = components["schemas"]["PlatformChoice"];

const CHOICES = ["bluesky", "mastodon", "youtube", "rss", "twitch"] as const;
const platforms: { value: Choice; label: string; icon?: React.ReactNode }[] = [
  { value: "auto", label: "Find out by itself" },
  ...CHOICES.map((value) => ({
    value,
    label: platformLabel[value],
    icon: <PlatformIcon platform={value} decorative />,
  })),
];

interface TrackDialogProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The group of the filter that is set, as a first guess. */
  groupId: string | null;
}

/** Tracks an account from whatever a person has at hand: an address, a handle, a feed. */
export function TrackDialog(props: TrackDialogProps) {
  const { open, onOpenChange } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Track an account"
      description="What it has published already is stored. From then on, new posts are announced."
    >
      <TrackForm {...props} />
    </Dialog>
  );
}

function TrackForm({ guildId, places, access, onOpenChange, groupId: guess }: TrackDialogProps) {
  const guild = useQuery(guildQuery(guildId)).data;
  const { create } = useAccountWrites(guildId);
  const [input, setInput] = useState("");
  const [platform, setPlatform] = useState<Choice>("auto");
  const [chosen, setChosen] = useState<string | null>(guess);
  const [channelId, setChannelId] = useState<string | null>(null);
  const [fault, setFault] = useState<string>();
  const form = useId();
  const groupId = chosen ?? places.groups[0]?.id ?? null;
  const full = guild !== undefined && guild.counts.accounts >= guild.limits.accounts;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = detect(input, platform);
    if ("fault" in found) return setFault(found.fault);
    if (groupId === null) return setFault(undefined);
    setFault(undefined);
    create.mutate(
      { platform, groupId, ...(channelId !== null && { channelId }), ...found },
      {
        onSuccess: (account) => {
          onOpenChange(false);
          notify.success(`${accountName(account)} is tracked`, {
            description: account.stateReason ?? `New posts on ${platformLabel[account.platform]} are announced.`,
          });
        },
      },
    );
  };

  if (full) return <PlanFull guildId={guildId} limit={guild.limits.accounts} />;
  return (
    <>
      <form id={form} onSubmit={submit} className="grid gap-4">
        <Field
          label="Address or handle"
          hint="A profile, a channel, a feed or any website with one; @name@server for Mastodon."
          error={fault ?? faultOf(create.error, ["handle", "url"])}
        >
          <Input
            value={input}
            onValueChange={setInput}
            autoFocus
            maxLength={2048}
            spellCheck={false}
            autoComplete="off"
          />
        </Field>
        <Field label="Platform" error={faultOf(create.error, ["platform"])}>
          <FormSelect options={platforms} value={platform} onValueChange={setPlatform} />
        </Field>
        <GroupField
          {...{ guildId, places, value: groupId, onChange: setChosen }}
          error={faultOf(create.error, ["groupId"])}
        />
        <ChannelField
          {...{ places, value: channelId, onChange: setChannelId }}
          error={faultOf(create.error, ["channelId"])}
        />
        {create.error && <Refusal guildId={guildId} error={create.error} />}
      </form>
      <div className="mt-5 flex items-center justify-end gap-2">
        {create.isPending && (
          <span role="status" className="mr-auto text-muted text-xs">
            Looking it up at the platform…
          </span>
        )}
        <DialogClose render={<Button>Cancel</Button>} />
        <Button
          variant="primary"
          type="submit"
          form={form}
          pending={create.isPending}
          disabled={access.blocked !== undefined || groupId === null}
          title={access.blocked}
        >
          Track account
        </Button>
      </div>
    </>
  );
}

/** The message of a refusal that names one of these fields. */
function faultOf(error: unknown, names: readonly string[]): string | undefined {
  return fields(error).errors?.find(({ field }) => names.includes(field))?.message;
}

const ELSEWHERE = ["handle", "url", "platform", "groupId", "channelId"];

function Refusal({ guildId, error }: { guildId: string; error: Error }) {
  const { title, advice, requestId } = explain(error);
  const named = fields(error).errors?.some(({ field }) => ELSEWHERE.includes(field));
  if (named) return null;
  const { code, detail } = fields(error);
  const unread = code === "unavailable" && detail; // the source may be what does not answer: the sentence says
  return (
    <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
      <p className="font-medium">
        {unread ? "It could not be looked at" : code === "conflict" ? "It is tracked already" : title}
      </p>
      <p>{unread || advice}</p>
      {code === "tier_limit" && (
        <LinkButton variant="link" href={guildHref(guildId, "/plan")}>
          See what the plan allows
        </LinkButton>
      )}
      {requestId && code === "internal" && <p className="mt-1 font-mono text-xs">Request {requestId}</p>}
    </div>
  );
}

function PlanFull({ guildId, limit }: { guildId: string; limit: number }) {
  return (
    <div className="grid gap-3 text-sm">
      <p>
        Your plan tracks up to {limit} accounts, and all of them are in use. Stop tracking one you no longer need, or
        change the plan.
      </p>
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button>Close</Button>} />
        <LinkButton variant="primary" href={guildHref(guildId, "/plan")}>
          See usage
        </LinkButton>
      </div>
    </div>
  );
}
