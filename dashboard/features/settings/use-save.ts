"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { notify } from "@/components/ui/toast";
import { guildQuery } from "@/features/guilds/queries";
import { isApiError } from "@/lib/problem";
import { explain } from "@/lib/query/explain";
import { useTold } from "@/lib/query/provider";
import { type Key, merged } from "./changes";
import { type Settings, saveSettings, settingsQuery, type Versioned } from "./queries";

type SaveOptions = { guildId: string; base: Versioned; onSaved: (saved: Versioned) => void };

/** Saves, and on a conflict fetches what the others saved, so that the user can choose. */
export function useSave({ guildId, base, onSaved }: SaveOptions) {
  const client = useQueryClient();
  const told = useTold();
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [mine, setMine] = useState<Settings>(base.guild.settings);

  const adopt = (next: Versioned) => {
    client.setQueryData(guildQuery(guildId).queryKey, next.guild);
    client.setQueryData(settingsQuery(guildId).queryKey, next);
    setTheirs(null);
    onSaved(next);
  };
  const mutation = useMutation({
    mutationFn: ({ settings, etag }: { settings: Settings; etag: string }) => saveSettings(guildId, settings, etag),
    onSuccess: (saved) => {
      adopt(saved);
      told([guildQuery(guildId).queryKey]);
      notify.success("The settings are saved");
    },
    onError: async (error) => {
      if (isApiError(error) && error.code === "precondition_failed") {
        const latest = await client.fetchQuery(settingsQuery(guildId)).catch(() => null);
        if (latest) return setTheirs(latest);
      }
      const { title, advice } = explain(error);
      notify.error(title, { description: advice });
    },
  });

  const refused = isApiError(mutation.error) ? mutation.error.errors : [];
  const errors: Partial<Record<Key, string>> = {};
  for (const { field, message } of refused) errors[field.split(".")[0] as Key] = message;

  return {
    errors,
    isPending: mutation.isPending,
    theirs: theirs?.guild.settings ?? null,
    save: (settings: Settings) => {
      setMine(settings);
      mutation.mutate({ settings, etag: base.etag });
    },
    saveOver: () => {
      if (!theirs) return;
      const settings = merged(base.guild.settings, mine, theirs.guild.settings);
      mutation.mutate({ settings, etag: theirs.etag });
    },
    takeTheirs: () => theirs && adopt(theirs),
    dismiss: () => setTheirs(null),
  };
}
