import { expect, it } from "vitest";
import { quotas } from "./quotas";

it("counts what the plan limits and tells when the day's announcements start anew, by UTC", () => {
  const guild = {
    counts: { accounts: 3, brands: 2, groups: 2, posts30d: 9 },
    limits: {
      ...{ accounts: 10, brands: 5, exportRows: 1, historyDays: 1, minPollIntervalSeconds: 300 },
      ...{ notificationsPerDay: 100, requestsPerMinute: 60 },
    },
  };
  const [accounts, brands, sent] = quotas(guild, 7, Date.parse("2026-12-31T23:59:59Z"));
  expect(accounts).toMatchObject({ used: 3, limit: 10, resetsAt: null });
  expect(brands).toMatchObject({ used: 2, limit: 5, resetsAt: null });
  expect(sent).toMatchObject({ used: 7, limit: 100, resetsAt: "2027-01-01T00:00:00.000Z" });
});
