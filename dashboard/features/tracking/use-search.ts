"use client";

import { startTransition, useEffect, useRef, useState } from "react";

const PAUSE = 150;

/**
 * The text of a search field, which follows the keys at once, and hands it on when the typing pauses, as a transition
 * that the next key interrupts.
 */
export function useSearch(value: string, onSearch: (value: string) => void) {
  const [text, setText] = useState(value);
  const handed = useRef(value);
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  useEffect(() => {
    // Changed from outside: back in the browser's history, or "clear filters".
    if (value === handed.current) return;
    handed.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === handed.current) return;
    const timer = setTimeout(() => {
      handed.current = text;
      startTransition(() => latest.current(text));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText] as const;
}
