import { Logo } from "@/components/shell/logo";
import { Stat } from "@/components/ui/stat";
import { cn } from "@/lib/cn";
import { dateOf, exactDate, periodOf, weekdayOf } from "./days";
import type { Scorecard } from "./queries";
import { ScorecardAccounts } from "./scorecard-accounts";
import { TopPosts } from "./top-posts";

const FIGURES = [
  ["followers", "Followers"],
  ["posts", "Posts"],
  ["views", "Views"],
  ["likes", "Likes"],
  ["comments", "Comments"],
  ["shares", "Shares"],
] as const;

/** The figures of both weeks, followers among them. */
function figuresOf({ totals, previousTotals, followers, previousFollowers }: Scorecard) {
  return { now: { ...totals, followers }, before: { ...previousTotals, followers: previousFollowers } };
}

/** A brand's week, as a page that can be read, printed and passed on. */
export function ScorecardPage({ card }: { card: Scorecard }) {
  const { now, before } = figuresOf(card);
  return (
    <div className="mx-auto max-w-4xl px-4 py-8 sm:px-6 print:max-w-none print:p-0">
      <header className="mb-6">
        <p className="text-muted text-sm">{card.guildName}</p>
        <h1 className="wrap-anywhere mt-1 font-semibold text-3xl tracking-tight">{card.brandName}</h1>
        <p className="mt-1 text-muted text-sm">{periodOf(card.period)}, against the seven days before</p>
      </header>
      <main className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <section aria-label="Figures" className="break-inside-avoid rounded-lg border bg-surface shadow-card">
          <dl className="grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-6 lg:divide-x">
            {FIGURES.map(([key, label]) => (
              <Stat
                key={key}
                label={label}
                value={now[key]}
                before={before[key]}
                comparedWith="the seven days before"
                missing="No platform of this brand tells it"
              />
            ))}
          </dl>
        </section>
        <Days card={card} />
        <TopPosts posts={card.topPosts} />
        <ScorecardAccounts accounts={card.accounts} />
      </main>
      <footer className="mt-8 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t pt-4 text-muted text-xs">
        <span className="flex items-center gap-2">
          <Logo />
          Made with Trackbot
        </span>
        <span>
          {card.asOf && `Figures as of ${exactDate(card.asOf)}. `}This link works until {exactDate(card.expiresAt)}.
        </span>
      </footer>
    </div>
  );
}

/** Posts by day as bars beside those of the week before; each day says its figures. */
function Days({ card: { series, previousSeries } }: { card: Scorecard }) {
  const before = (place: number) => previousSeries[place]?.posts ?? 0;
  const most = Math.max(1, ...series.map(({ posts }, place) => Math.max(posts, before(place))));
  return (
    <section
      aria-labelledby="days"
      className="break-inside-avoid rounded-lg border bg-surface p-4 shadow-card print:shadow-none"
    >
      <h2 id="days" className="font-semibold text-sm">
        Posts by day
      </h2>
      <p aria-hidden="true" className="mt-1 flex gap-4 text-muted text-xs">
        <Key className="bg-accent">This week</Key>
        <Key className="bg-control">The week before</Key>
      </p>
      <ol className="mt-2 flex h-36 gap-2 sm:gap-4">
        {series.map(({ start, posts }, place) => (
          <li key={start} className="flex h-full min-w-0 flex-1 flex-col text-center">
            <span className="sr-only">
              {dateOf(start)}: {posts}, a week before {before(place)}
            </span>
            <span aria-hidden="true" className="flex min-h-0 flex-1 items-end justify-center gap-1 border-b">
              <Bar height={before(place) / most} className="bg-control" />
              <Bar height={posts / most} className="bg-accent" label={posts} />
            </span>
            <span aria-hidden="true" className="pt-1 text-muted text-xs">
              {weekdayOf(start)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const ink = "[print-color-adjust:exact]";

function Key({ className, children }: { className: string; children: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span className={cn("size-2 rounded-sm", ink, className)} />
      {children}
    </span>
  );
}

function Bar({ height, className, label }: { height: number; className: string; label?: number }) {
  return (
    <span className="flex h-full w-full max-w-6 flex-col justify-end">
      {label !== undefined && <span className="figures text-muted text-xs">{label}</span>}
      <span className={cn("rounded-t", ink, className)} style={{ height: `${height * 82}%`, minHeight: "1px" }} />
    </span>
  );
}
