"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { keepPreviousData } from "@tanstack/react-query";
import { Command, defaultFilter } from "cmdk";
import type { Route } from "next";
import { type ReactNode, useEffect, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { backdropClass } from "@/components/ui/dialog-popup";
import { Keyboard, Link2, LogOut, Search } from "@/components/ui/icons";
import { notify } from "@/components/ui/toast";
import { useSignOut } from "@/features/account/use-sign-out";
import { useGuild, useGuilds } from "@/features/guilds/use-guilds";
import { useGo } from "@/lib/leave-guard";
import { useQuery } from "@/lib/query/use-query";
import { read } from "@/lib/read";
import { guildHref, personalEntries, visibleSections } from "./navigation";
import { setTheme, themes } from "./theme";

type PaletteProps = { guildId: string | undefined; onOpenChange: (open: boolean) => void; onHelp: () => void };

/** Search in pages, servers, accounts and commands. */
export function Palette({ guildId, onOpenChange, onHelp }: PaletteProps) {
  const [search, setSearch] = useState("");
  const lead = useGo();
  const close = () => onOpenChange(false);
  const go = (href: Route) => {
    close();
    lead(href);
  };
  return (
    <Base.Root open onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup
          aria-label="Search and commands"
          className="popup fixed top-[max(1rem,14vh)] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-xl data-ending-style:-translate-x-1/2 data-starting-style:-translate-x-1/2"
        >
          <Command label="Search and commands" loop filter={keen}>
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden="true" className="size-4 shrink-0 text-subtle" />
              <Command.Input
                autoFocus
                value={search}
                onValueChange={setSearch}
                placeholder="Search pages, servers, accounts and commands"
                className="h-12 w-full bg-transparent text-sm outline-none placeholder:text-subtle pointer-coarse:text-base"
              />
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-muted text-sm">Nothing found.</Command.Empty>
              {guildId && <AccountHits guildId={guildId} search={search} go={go} />}
              <Pages guildId={guildId} go={go} />
              <Guilds go={go} />
              <Actions close={close} onHelp={onHelp} />
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

type Go = { go: (href: Route) => void };

function Pages({ guildId, go }: Go & { guildId: string | undefined }) {
  const guild = useGuild(guildId);
  const entries = guildId ? visibleSections(guild?.canManage ?? false).flatMap((section) => section.entries) : [];
  return (
    <Group heading={guild ? guild.name : "Pages"}>
      {guildId &&
        entries.map((entry) => (
          <Item
            key={entry.path}
            value={`page ${entry.label}`}
            words={entry.words}
            onSelect={() => go(guildHref(guildId, entry.path))}
          >
            <entry.icon aria-hidden="true" />
            {entry.label}
          </Item>
        ))}
      {personalEntries.map((entry) => (
        <Item
          key={entry.path}
          value={`page ${entry.label}`}
          words={entry.words}
          onSelect={() => go(entry.path as Route)}
        >
          <entry.icon aria-hidden="true" />
          {entry.label}
        </Item>
      ))}
    </Group>
  );
}

function Guilds({ go }: Go) {
  const { guilds } = useGuilds();
  if (guilds.length === 0) return null;
  return (
    <Group heading="Servers">
      {guilds.map((guild) => (
        <Item key={guild.id} value={`server ${guild.name} ${guild.id}`} onSelect={() => go(guildHref(guild.id))}>
          <Avatar name={guild.name} src={guild.iconUrl} square className="size-5" />
          {guild.name}
        </Item>
      ))}
    </Group>
  );
}

function AccountHits({ guildId, search, go }: Go & { guildId: string; search: string }) {
  const q = useSettled(search.trim(), 200);
  const { data } = useQuery({
    ...read("/guilds/{guildId}/accounts", { params: { path: { guildId }, query: { q, limit: 6 } } }),
    enabled: q.length >= 2,
    placeholderData: keepPreviousData,
    meta: { persist: false },
  });
  if (q.length < 2 || !data?.items.length) return null;
  return (
    <Group heading="Accounts">
      {data.items.map((account) => {
        const name = account.displayName ?? account.handle;
        return (
          <Item
            key={account.id}
            value={`account ${account.id}`}
            // The API has found it: the palette's own filter must not lose it again.
            words={search}
            onSelect={() => go(guildHref(guildId, `/tracking/accounts?q=${encodeURIComponent(account.handle)}`))}
          >
            <Avatar name={name} src={account.avatarUrl} className="size-5" />
            <span className="truncate">{name}</span>
            <span className="ml-auto truncate text-subtle text-xs">
              {account.handle} · {account.platform}
            </span>
          </Item>
        );
      })}
    </Group>
  );
}

function Actions({ close, onHelp }: { close: () => void; onHelp: () => void }) {
  const signOut = useSignOut();
  const copyAddress = () => {
    close();
    navigator.clipboard.writeText(window.location.href).then(
      () => notify.success("The address is on the clipboard"),
      () => notify.error("The browser did not allow copying"),
    );
  };
  return (
    <Group heading="Commands">
      {themes.map(({ value, label, icon: Icon }) => (
        <Item
          key={value}
          value={`theme ${label}`}
          words="appearance colour mode"
          onSelect={() => {
            setTheme(value);
            close();
          }}
        >
          <Icon aria-hidden="true" /> Theme: {label.toLowerCase()}
        </Item>
      ))}
      <Item value="copy address of this page" words="link url share" onSelect={copyAddress}>
        <Link2 aria-hidden="true" /> Copy this page's address
      </Item>
      <Item value="keyboard shortcuts" words="help keys" onSelect={onHelp}>
        <Keyboard aria-hidden="true" /> Keyboard shortcuts
      </Item>
      <Item value="sign out" words="log out logout leave" onSelect={() => void signOut()}>
        <LogOut aria-hidden="true" /> Sign out
      </Item>
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-subtle [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = { value: string; words?: string; onSelect: () => void; children: ReactNode };

function Item({ value, words, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      keywords={words ? [words] : undefined}
      onSelect={onSelect}
      className="flex h-10 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-subtle"
    >
      {children}
    </Command.Item>
  );
}

/** Leaves out what has the letters somewhere, far apart: nobody means it. */
function keen(value: string, search: string, words?: string[]): number {
  const score = defaultFilter(value, search, words);
  return score < 0.1 ? 0 : score;
}

/** The value once it has not changed for a while. */
function useSettled(value: string, wait: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}
