import type { QueryClient } from "@tanstack/react-query";
import { apply, catchUp } from "./events";
import { share } from "./share";

/** Puts a guild's events into the data on screen until the returned function is called. */
export function stream(client: QueryClient, guildId: string, live: (live: boolean) => void): () => void {
  let was = false;
  return share(guildId, {
    event: (event) => apply(client, guildId, event),
    live: (now) => {
      if (now && !was) catchUp(client, guildId);
      was = now;
      live(now);
    },
  });
}
