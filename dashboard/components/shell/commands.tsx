"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
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
import { guildHref } from "./navigation";
import { type Intent, intentOf, isTyping, PREFIX_MS } from "./shortcuts";

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
  const router = useRouter();
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
      router.push(intent.guild && guildId ? guildHref(guildId, intent.path) : (intent.path as Route));
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

function useShortcuts(inGuild: boolean, act: (intent: Intent) => boolean) {
  const prefixedAt = useRef(Number.NEGATIVE_INFINITY);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const prefixed = event.timeStamp - prefixedAt.current < PREFIX_MS;
      const inDialog = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
      const intent = intentOf(event, isTyping(event.target) || inDialog, prefixed, inGuild);
      prefixedAt.current = intent?.kind === "prefix" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (intent && (intent.kind === "prefix" || latest.current(intent))) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [inGuild]);
}
