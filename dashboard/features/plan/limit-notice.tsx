"use client";

import { guildHref } from "@/components/shell/navigation";
import { Hourglass, TriangleAlert } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { guildQuery } from "@/features/guilds/queries";
import { tierLabel } from "@/features/guilds/tier";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useQuery } from "@/lib/query/use-query";
import { counted } from "./words";

/** Above the accounts: that the plan has no room, has paused some, or soon will. Nothing while all is well. */
export function AccountsNotice({ guildId }: { guildId: string }) {
  const locale = useLocale();
  const guild = useQuery(guildQuery(guildId)).data;
  if (!guild) return null;
  const count = (kind: (typeof guild.attention)[number]["kind"]) =>
    guild.attention.find((need) => need.kind === kind)?.count ?? 0;
  const [grace, paused] = [count("plan_grace"), count("paused_by_plan")];
  const tier = tierLabel(guild.tier);
  if (grace > 0) {
    return (
      <Notice guildId={guildId} icon={Hourglass}>
        {counted(grace, "account", locale)} will be paused when the grace of the {tier} plan is over.
      </Notice>
    );
  }
  if (paused > 0) {
    return (
      <Notice guildId={guildId} icon={TriangleAlert}>
        {counted(paused, "account", locale)} paused: {tier} tracks {number(guild.limits.accounts, locale)}.
      </Notice>
    );
  }
  if (guild.counts.accounts < guild.limits.accounts) return null;
  return (
    <Notice guildId={guildId} icon={TriangleAlert}>
      All {number(guild.limits.accounts, locale)} accounts of the {tier} plan are in use.
    </Notice>
  );
}

type NoticeProps = { guildId: string; icon: typeof Hourglass; children: React.ReactNode };

function Notice({ guildId, icon: Icon, children }: NoticeProps) {
  return (
    <p className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg border border-warning-solid/40 bg-warning-soft px-3 py-2 text-sm text-warning">
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <span className="min-w-0">{children}</span>
      <Link href={guildHref(guildId, "/plan")} className="rounded font-medium underline underline-offset-4">
        See the plan
      </Link>
    </p>
  );
}
