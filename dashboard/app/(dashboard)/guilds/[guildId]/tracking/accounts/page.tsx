import type { Metadata } from "next";
import { Suspense } from "react";
import { AccountsView } from "@/features/accounts/accounts-view";
import { accountsQuery } from "@/features/accounts/queries";
import { AccountsSkeleton } from "@/features/accounts/states";
import { brandsQuery, channelsQuery, groupsQuery } from "@/features/tracking/queries";
import { Prefetched } from "@/lib/query/server";

export const metadata: Metadata = { title: "Accounts" };

type Props = { params: Promise<{ guildId: string }> };

export default async function AccountsPage({ params }: Props) {
  const { guildId } = await params;
  const queries = [accountsQuery(guildId), brandsQuery(guildId), groupsQuery(guildId), channelsQuery(guildId)];
  return (
    <Suspense fallback={<AccountsSkeleton />}>
      <Prefetched queries={queries}>
        <AccountsView guildId={guildId} />
      </Prefetched>
    </Suspense>
  );
}
