"use client";

import { notify } from "@/components/ui/toast";
import { signOut } from "@/lib/session-events";
import { forgetRecent } from "../guilds/recent";

/** Ends the session, or all of the user's. The data layer hears it, removes what this browser keeps and leaves. */
export function useSignOut(): (options?: { everywhere?: boolean }) => Promise<void> {
  return async (options) => {
    try {
      forgetRecent();
      await signOut(options);
    } catch {
      notify.error("Signing out did not work", { description: "Check the connection and try again." });
    }
  };
}
