"use client";

import { ManagersOnly } from "@/components/data/managers-only";
import { QueryError } from "@/components/data/query-error";
import { PageHeader } from "@/components/shell/page-header";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ScrollText, ShieldAlert, ShieldCheck } from "@/components/ui/icons";
import { LoadMore } from "@/components/ui/load-more";
import { Popover } from "@/components/ui/popover";
import { LoadingLabel, SkeletonRows } from "@/components/ui/skeleton";
import { ExportButton } from "@/features/exports/export-button";
import { useGuild } from "@/features/guilds/use-guilds";
import { FilterSelect } from "@/features/tracking/filter-select";
import { number } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";
import { useInfiniteQuery } from "@/lib/query/use-query";
import { day, oneOf, text } from "@/lib/url/params";
import { useParamsState } from "@/lib/url/use-params";
import { EntryRow } from "./entry-row";
import { type AuditFilters, type AuditIntegrity, auditQuery, NO_FILTERS, toQuery } from "./queries";
import { integrityWords, TARGETS } from "./words";

const targets = Object.keys(TARGETS) as (keyof typeof TARGETS)[];
const params = {
  target: oneOf(targets),
  action: text(),
  actor: text(),
  from: day,
  to: day,
};

/** Who changed what. For those who manage the server. */
export function AuditView({ guildId }: { guildId: string }) {
  const guild = useGuild(guildId);
  const [filters, setFilters] = useParamsState(params);
  const list = useInfiniteQuery({ ...auditQuery(guildId, filters), enabled: guild?.canManage !== false });
  const locale = useLocale();
  const entries = list.data?.pages.flatMap((page) => page.items);
  const integrity = list.data?.pages[0]?.integrity;
  const onFilter = (change: Partial<AuditFilters>) => setFilters(change as Parameters<typeof setFilters>[0]);
  const filtered = Object.values(filters).some((value) => value !== null);
  if (guild && !guild.canManage) {
    return (
      <ManagersOnly title="Audit log">
        Ask someone with Manage Server in Discord when you need to know who changed something.
      </ManagersOnly>
    );
  }
  return (
    <>
      <PageHeader
        title="Audit log"
        hint={integrity ? <Integrity known={integrity} /> : "Who changed what."}
        actions={<ExportButton guildId={guildId} kind="audit" filters={toQuery(filters)} />}
      />
      <search className="mb-3 flex flex-wrap items-center gap-2">
        <FilterSelect
          label="What was changed"
          all="All changes"
          value={filters.target}
          onChange={(target) => setFilters({ target })}
          options={targets.map((value) => ({ value, label: TARGETS[value] }))}
        />
        <div className="grid grid-cols-2 gap-2 max-sm:w-full">
          <Day label="From" value={filters.from} onChange={(from) => setFilters({ from })} />
          <Day label="Until" value={filters.to} onChange={(to) => setFilters({ to })} />
        </div>
        {filtered && (
          <Button variant="ghost" onClick={() => onFilter(NO_FILTERS)}>
            Clear
          </Button>
        )}
      </search>
      <Card aria-label="Entries">
        {entries === undefined ? (
          list.error ? (
            <QueryError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
          ) : (
            <>
              <LoadingLabel>Loading the audit log</LoadingLabel>
              <SkeletonRows rows={8} />
            </>
          )
        ) : entries.length === 0 ? (
          <EmptyState icon={ScrollText} title={filtered ? "Nothing matches" : "Nothing was changed yet"}>
            {filtered
              ? "Widen the period or choose other changes."
              : "Every change of settings, accounts and access will stand here, with what was before and after."}
          </EmptyState>
        ) : (
          <>
            <ul className="divide-y">
              {entries.map((entry) => (
                <EntryRow key={entry.id} entry={entry} onFilter={onFilter} />
              ))}
            </ul>
            <LoadMore
              shown={`${number(entries.length, locale)} entries`}
              hasMore={list.hasNextPage}
              pending={list.isFetchingNextPage}
              failed={list.isFetchNextPageError}
              onMore={() => void list.fetchNextPage()}
            />
          </>
        )}
      </Card>
    </>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | null;
  onChange: (day: string | null) => void;
}) {
  return (
    <label className="flex min-w-0 items-center gap-2 text-muted text-sm max-sm:flex-col max-sm:items-stretch max-sm:gap-1">
      {label}
      <input
        type="date"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || null)}
        className="h-8 min-w-0 rounded-md border border-line-strong bg-surface px-2 text-fg text-sm pointer-coarse:h-10"
      />
    </label>
  );
}

/** Whether the log is as it was written. */
function Integrity({ known }: { known: AuditIntegrity }) {
  const { tone, label, meaning } = integrityWords(known);
  const Icon = known.state === "broken" ? ShieldAlert : ShieldCheck;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      Who changed what.
      <Popover
        label="What was checked"
        className="max-w-72 text-sm"
        trigger={
          <button type="button" className="rounded-full" title={meaning}>
            <Badge tone={tone}>
              <Icon aria-hidden className="size-3" />
              {label}
            </Badge>
          </button>
        }
      >
        {() => <p>{meaning}</p>}
      </Popover>
      {known.state === "broken" && <strong className="font-medium text-danger">{meaning}</strong>}
    </span>
  );
}
