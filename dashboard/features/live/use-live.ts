"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState } from "react";

/** Whether the guild's changes arrive by themselves; pages ask again and again where they do not. */
export const LiveContext = createContext(false);

export const useIsLive = () => useContext(LiveContext);

/** Keeps what is on screen of a guild up to date by its stream and tells whether it is. */
export function useLiveGuild(guildId: string): boolean {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (typeof EventSource === "undefined") return;
    let over = false;
    let stop: (() => void) | undefined;
    // Its code comes after the page; without it the page asks again and again.
    void import("./stream").then(
      ({ stream }) => {
        if (!over) stop = stream(client, guildId, setLive);
      },
      () => undefined,
    );
    return () => {
      over = true;
      stop?.();
      setLive(false);
    };
  }, [client, guildId]);
  return live;
}
