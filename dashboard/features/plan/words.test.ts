import { expect, it } from "vitest";
import type { components } from "@/lib/schema";
import { counted, historyLost, limitRows, sourceWords } from "./words";

type Limits = components["schemas"]["Limits"];

const limits: Limits = {
  ...{ accounts: 10, brands: 3, exportRows: 10_000, historyDays: 90, minPollIntervalSeconds: 900 },
  ...{ notificationsPerDay: 200, requestsPerMinute: 60 },
};

it("has a row for each limit of the contract", () => {
  expect(limitRows.map(({ key }) => key).sort()).toEqual(Object.keys(limits).sort());
  expect(limitRows.map(({ key, show }) => show(limits[key], "en"))).toEqual([
    ...["10", "3", "200", "15 min", "90 days", "10,000", "60"],
  ]);
});

it("tells what history a smaller plan gives up, and nothing when it keeps as much", () => {
  const plans = [{ tier: "free" as const, limits, checkoutUrl: null, discordUrl: null }];
  expect(historyLost({ tier: "free", limits: { ...limits, historyDays: 365 }, plans })).toBe(90);
  expect(historyLost({ tier: "free", limits, plans })).toBeNull();
});

it("counts one and many, and says nothing of the plan that everybody has", () => {
  expect(counted(1, "account")).toBe("1 account");
  expect(counted(2, "account")).toBe("2 accounts");
  expect(sourceWords("default")).toBeNull();
  expect(sourceWords("stripe")).toBe("paid by card");
});
