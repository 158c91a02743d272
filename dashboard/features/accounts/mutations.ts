"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { notify } from "@/components/ui/toast";
import { guildQuery } from "@/features/tracking/queries";
import type { Account } from "@/features/tracking/types";
import { api } from "@/lib/api-client";
import { explain } from "@/lib/query/explain";
import { useChanged, useTold } from "@/lib/query/provider";
import type { components } from "@/lib/schema";
import { accountName } from "./layout";
import { accountsKey, editAccounts } from "./queries";

type Create = components["schemas"]["AccountCreate"];
type Update = components["schemas"]["AccountUpdate"];

export interface Edit {
  account: Account;
  change: Update;
  /** Of the group it moves to, where that is known. */
  brandId?: string | undefined;
}

const one = "/guilds/{guildId}/accounts/{accountId}" as const;

/** What the API will answer to an update, as far as it can be known before. */
export function preview({ account, change: { paused, ...change }, brandId }: Edit, now: string): Account {
  const moved = { ...account, ...change, brandId: brandId ?? account.brandId };
  if (paused === undefined) return moved;
  const state = paused ? "paused" : "ok";
  return { ...moved, state, stateSince: now, stateReason: null, ...(paused && { nextPollAt: null }) };
}

/** The writes on a guild's accounts. Updates and removals show at once and are taken back when they are refused. */
export function useAccountWrites(guildId: string) {
  const client = useQueryClient();
  const changed = useChanged();
  const told = useTold();
  const replace = (account: Account) =>
    editAccounts(client, guildId, (items) => items.map((item) => (item.id === account.id ? account : item)));
  const settled = () => {
    told([accountsKey(guildId)]);
    return changed([guildQuery(guildId).queryKey]);
  };

  const create = useMutation({
    mutationFn: async (body: Create) => {
      const { data } = await api.POST("/guilds/{guildId}/accounts", { params: { path: { guildId } }, body });
      if (!data) throw new Error("track account: no content");
      return data;
    },
    onSuccess: (account) => {
      editAccounts(client, guildId, (items) => [account, ...items.filter((item) => item.id !== account.id)]);
      return settled();
    },
  });

  const update = useMutation({
    mutationFn: async ({ account, change }: Edit) => {
      const { data } = await api.PATCH(one, { params: { path: { guildId, accountId: account.id } }, body: change });
      if (!data) throw new Error("update account: no content");
      return data;
    },
    onMutate: (edit) => replace(preview(edit, new Date().toISOString())),
    onError: (_error, { account }) => replace(account),
    onSuccess: (account) => {
      replace(account);
      told([accountsKey(guildId)]);
    },
  });

  const poll = useMutation({
    mutationFn: async (account: Account) => {
      const { data } = await api.POST("/guilds/{guildId}/accounts/{accountId}/poll", {
        params: { path: { guildId, accountId: account.id } },
      });
      if (!data) throw new Error("check account: no content");
      return data;
    },
    onSuccess: (account) => {
      replace(account);
      notify.success(`${accountName(account)} is checked next`);
    },
    onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
  });

  const remove = useMutation({
    mutationFn: async (account: Account) => {
      await api.DELETE(one, { params: { path: { guildId, accountId: account.id } } });
    },
    onSuccess: (_answer, account) => {
      editAccounts(client, guildId, (items) => items.filter((item) => item.id !== account.id));
      return settled();
    },
  });

  return { create, update, poll, remove };
}

/** What a menu does with one account at once: pause or resume, with the way back, and check now. */
export function useAccountActs(guildId: string) {
  const { update, poll } = useAccountWrites(guildId);
  const change = update.mutate;
  const check = poll.mutate;
  const pause = useCallback(
    (account: Account, paused: boolean) =>
      change(
        { account, change: { paused } },
        {
          onSuccess: () =>
            notify.success(`${accountName(account)} is ${paused ? "paused" : "checked again"}`, {
              action: { label: "Undo", onClick: () => change({ account, change: { paused: !paused } }) },
            }),
          onError: (error) => notify.error(explain(error).title, { description: explain(error).advice }),
        },
      ),
    [change],
  );
  // Stable, because the columns of the table close over it: new columns would mount every row anew.
  return useMemo(() => ({ check: (account: Account) => check(account), pause }), [check, pause]);
}
