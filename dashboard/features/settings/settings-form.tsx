"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { guildQuery } from "@/features/guilds/queries";
import { useStale } from "@/lib/query/provider";
import { useQuery } from "@/lib/query/use-query";
import { Announcements } from "./announcements";
import { changed, faults } from "./changes";
import { ConflictDialog } from "./conflict-dialog";
import { Access, Messages, Region } from "./more-groups";
import type { Settings, Versioned } from "./queries";
import { useLeaveGuard } from "./use-leave-guard";
import { useSave } from "./use-save";

/** The whole settings as one form: saved together, under the version they were read in. */
export function SettingsForm({ guildId, initial }: { guildId: string; initial: Versioned }) {
  const [base, setBase] = useState(initial);
  const [value, setValue] = useState(initial.guild.settings);
  const save = useSave({
    guildId,
    base,
    onSaved: (next) => {
      setBase(next);
      setValue(next.guild.settings);
    },
  });
  const stale = useStale();
  const rights = useQuery(guildQuery(guildId)).data ?? base.guild; // which may be taken away meanwhile
  const disabled = !rights.canManage || rights.suspension !== null;
  const wrong = faults(value);
  const dirty = changed(base.guild.settings, value).length > 0;
  const guard = useLeaveGuard(dirty);
  const group = {
    ...{ guildId, value, disabled, errors: { ...save.errors, ...wrong } },
    onChange: (change: Partial<Settings>) => setValue((now) => ({ ...now, ...change })),
  };
  return (
    <form
      noValidate
      className="grid max-w-4xl gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty && Object.keys(wrong).length === 0) save.save(value);
      }}
    >
      {disabled && (
        <p className="rounded-lg bg-info-soft px-3 py-2.5 text-info">
          You may look at the settings. To change them you need the Manage Server permission in Discord.
        </p>
      )}
      <Announcements {...group} />
      <Messages {...group} />
      <Region {...group} />
      <Access {...group} />
      {dirty && !disabled && (
        <section
          aria-label="Unsaved changes"
          className="popup sticky bottom-18 z-20 flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-2.5 md:bottom-4"
        >
          <p role="status">
            {stale ? "Saving waits until Trackbot answers again." : "You have changes that are not saved."}
          </p>
          <div className="flex gap-2">
            <Button onClick={() => setValue(base.guild.settings)}>Discard</Button>
            <Button
              type="submit"
              variant="primary"
              pending={save.isPending}
              disabled={stale || Object.keys(wrong).length > 0}
            >
              Save
            </Button>
          </div>
        </section>
      )}
      <ConflictDialog
        base={base.guild.settings}
        mine={value}
        theirs={save.theirs}
        pending={save.isPending}
        onClose={save.dismiss}
        onKeepMine={save.saveOver}
        onTakeTheirs={save.takeTheirs}
      />
      {guard}
    </form>
  );
}
