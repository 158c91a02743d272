"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { accountsQuery } from "@/features/accounts/queries";
import { rolesQuery } from "@/features/settings/queries";
import { kindLabel, platformLabel } from "@/features/tracking/labels";
import type { Account } from "@/features/tracking/types";
import { type Places, usePlaces } from "@/features/tracking/use-tracking";
import { POST_KINDS } from "@/features/tracking/values";
import type { components } from "@/lib/schema";
import { kindAndId } from "./draft";

type PostRoute = components["schemas"]["Route"];
type Role = components["schemas"]["Role"];

export interface Names extends Places {
  accounts: readonly Account[];
  roles: readonly Role[];
  /** "@name"; words when the bot does not see the role. */
  role: (id: string) => string;
  /** What a route is of, by name. */
  target: (route: PostRoute) => string;
  /** "Brand › Group". */
  groupName: (id: string) => string;
  accountName: (account: Account) => string;
}

const none: never[] = [];

/** Everything a route can name, by id and in order. */
export function useNames(guildId: string): Names {
  const places = usePlaces(guildId);
  const accounts = useQuery(accountsQuery(guildId)).data?.items ?? none;
  const roles = useQuery(rolesQuery(guildId)).data?.items ?? none;
  return useMemo(() => {
    const accountName = (account: Account) =>
      `${account.displayName || account.handle} (${platformLabel[account.platform]})`;
    const accountOf = new Map(accounts.map((account) => [account.id, account]));
    const roleOf = new Map(roles.map((role) => [role.id, role.name]));
    const groupName = (id: string) => {
      const group = places.group(id);
      const brand = group && places.brand(group.brandId)?.name;
      return group ? `${brand ? `${brand} › ` : ""}${group.name}` : "A group";
    };
    const target = (route: PostRoute) => {
      const { kind, id } = kindAndId(route);
      if (kind === "brand") return places.brand(id)?.name ?? "A brand";
      if (kind === "group") return groupName(id);
      const account = accountOf.get(id);
      return account ? accountName(account) : "An account";
    };
    return {
      ...places,
      ...{ accounts, roles, accountName, groupName, target },
      role: (id) => (roleOf.has(id) ? `@${roleOf.get(id)}` : "a role the bot does not see"),
    };
  }, [places, accounts, roles]);
}

const quoted = (words: readonly string[]) => words.map((word) => `“${word}”`).join(", ");

/** What a route lets through, in words. */
export function filterWords({ kinds, include, exclude }: Pick<PostRoute, "kinds" | "include" | "exclude">): string {
  const all = POST_KINDS.every((kind) => kinds.includes(kind));
  const parts = [
    all
      ? "Everything"
      : POST_KINDS.filter((kind) => kinds.includes(kind))
          .map(plural)
          .join(", "),
  ];
  if (include.length > 0) parts.push(`with ${quoted(include)}`);
  if (exclude.length > 0) parts.push(`without ${quoted(exclude)}`);
  const text = parts.join(" · ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const plurals = { reply: "replies", live: "live" } as Partial<Record<PostRoute["kinds"][number], string>>;
const plural = (kind: PostRoute["kinds"][number]) => plurals[kind] ?? `${kindLabel[kind].toLowerCase()}s`;
