"use client";

import type { Route } from "next";
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useGo } from "@/lib/leave-guard";
import { guildHref } from "./navigation";
import type { Intent } from "./shortcuts";

type Commands = {
  openPalette: () => void;
  openHelp: () => void;
  /** The key that goes with K on this machine. */
  modifier: string;
};

const Context = createContext<Commands | null>(null);
const Palette = lazy(async () => ({ default: (await import("./palette")).Palette }));
const Help = lazy(async () => ({ default: (await import("./shortcut-help")).ShortcutHelp }));

export function useCommands(): Commands {
  const commands = useContext(Context);
  if (!commands) throw new Error("use useCommands below <CommandProvider>");
  return commands;
}

const never = () => () => {};
const onMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** Palette, help and the keys that lead through the dashboard. Palette and help are loaded when first asked for. */
export function CommandProvider({ guildId, children }: { guildId: string | undefined; children: ReactNode }) {
  const go = useGo();
  const [shown, setShown] = useState<"palette" | "help" | null>(null);
  const mac = useSyncExternalStore(never, onMac, () => false);
  const commands = useMemo(
    () => ({ openPalette: () => setShown("palette"), openHelp: () => setShown("help"), modifier: mac ? "⌘" : "Ctrl" }),
    [mac],
  );

  useShortcuts(guildId !== undefined, (intent) => {
    if (intent.kind === "palette") setShown((now) => (now === "palette" ? null : "palette"));
    if (intent.kind === "help") setShown("help");
    if (intent.kind === "search") return focusSearch();
    if (intent.kind === "go") {
      go(intent.guild && guildId ? guildHref(guildId, intent.path) : (intent.path as Route));
    }
    return true;
  });

  const close = (open: boolean) => !open && setShown(null);
  return (
    <Context value={commands}>
      {children}
      <Suspense fallback={null}>
        {shown === "palette" && <Palette guildId={guildId} onOpenChange={close} onHelp={commands.openHelp} />}
        {shown === "help" && <Help onOpenChange={close} modifier={commands.modifier} />}
      </Suspense>
    </Context>
  );
}

/** The search field of the page, where it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}

/** Hears the keys from when their code is there, which comes after the page's. */
function useShortcuts(inGuild: boolean, act: (intent: Intent) => boolean) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    let stop: (() => void) | undefined;
    let over = false;
    void import("./shortcuts").then(
      ({ listen }) => {
        if (!over) stop = listen(inGuild, (intent) => latest.current(intent));
      },
      () => undefined,
    );
    return () => {
      over = true;
      stop?.();
    };
  }, [inGuild]);
}
