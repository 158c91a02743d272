import { Avatar } from "@/components/ui/avatar";
import { Change } from "@/components/ui/stat";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { missingReason, platformLabel } from "@/features/tracking/labels";
import { compact, NONE, number } from "@/lib/format";
import { webAddress } from "./days";
import type { Scorecard } from "./queries";

type Item = Scorecard["accounts"][number];

const COLUMNS = ["views", "likes", "comments", "shares"] as const;
const title = { views: "Views", likes: "Likes", comments: "Comments", shares: "Shares" };

export function ScorecardAccounts({ accounts }: { accounts: readonly Item[] }) {
  return (
    <section aria-labelledby="accounts" className="rounded-lg border bg-surface shadow-card">
      <h2 id="accounts" className="px-4 pt-4 pb-2 font-semibold text-sm">
        Accounts
      </h2>
      {accounts.length === 0 ? (
        <p className="px-4 pb-4 text-muted text-sm">No account of this brand is tracked.</p>
      ) : (
        <Table caption="Accounts and their week">
          <thead>
            <tr>
              <Th>Account</Th>
              <Th numeric>Followers</Th>
              <Th numeric>Posts</Th>
              {COLUMNS.map((column) => (
                <Th key={column} numeric>
                  {title[column]}
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <Row key={account.url} account={account} />
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function Row({ account }: { account: Item }) {
  const name = account.displayName || account.handle;
  return (
    <Tr>
      <Td className="min-w-44">
        <span className="flex items-center gap-2.5">
          <Avatar name={name} src={account.avatarUrl} className="size-7 print:hidden" />
          <span className="min-w-0">
            <a
              href={webAddress(account.url)}
              rel="noopener noreferrer"
              target="_blank"
              className="block max-w-52 truncate font-medium hover:underline"
            >
              {name}
            </a>
            <span className="text-muted text-xs">{platformLabel[account.platform]}</span>
          </span>
        </span>
      </Td>
      <Td numeric>
        <span className="inline-flex flex-wrap justify-end gap-x-1.5">
          {compact(account.followers)}
          <Change value={account.followers} before={account.previousFollowers} comparedWith="a week before" />
        </span>
      </Td>
      <Td numeric>
        <span className="inline-flex flex-wrap justify-end gap-x-1.5">
          {number(account.totals.posts)}
          <Change
            value={account.totals.posts}
            before={account.previousTotals.posts}
            comparedWith="the seven days before"
          />
        </span>
      </Td>
      {COLUMNS.map((column) => (
        <Td
          key={column}
          numeric
          title={account.totals[column] === null ? missingReason(account.platform, column) : undefined}
        >
          {account.totals[column] === null ? NONE : compact(account.totals[column])}
        </Td>
      ))}
    </Tr>
  );
}
