import { headers } from "next/headers";
import type { ReactNode } from "react";
import { StaleBar } from "@/components/data/stale-bar";
import { AppFrame } from "@/components/shell/app-frame";
import { ThemeScript } from "@/components/shell/theme-script";
import { requireSession } from "@/lib/auth";
import { DataProvider } from "@/lib/query/provider";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <>
      <ThemeScript nonce={nonce} />
      <DataProvider userId={session.user.id}>
        <AppFrame banner={<StaleBar />}>{children}</AppFrame>
      </DataProvider>
    </>
  );
}
