import type { Page } from "@playwright/test";
import { expect } from "./world";

/**
 * Has the page note its interactions. The time of one is from the input to the next frame that shows what came of it
 * (w3.org/TR/event-timing, `duration`); the browser tells of those of 16 ms and more.
 */
async function watchInteractions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted: number[] = [];
    const note = (list: PerformanceEntryList) => {
      for (const entry of list as (PerformanceEntry & { interactionId: number })[]) {
        if (entry.interactionId > 0) noted.push(entry.duration);
      }
    };
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
    Object.assign(window, {
      takeInteractions: () => {
        note(observer.takeRecords());
        return noted.splice(0);
      },
    });
  });
}

/** The interactions that the page has noted since it was asked last. */
async function takeInteractions(page: Page): Promise<number[]> {
  // What is noted follows the frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
  return page.evaluate(() => (window as unknown as { takeInteractions: () => number[] }).takeInteractions());
}

export interface Interaction {
  name: string;
  /** What is measured. */
  act: (round: number) => Promise<unknown>;
  /** What makes it possible, or possible again; not measured. */
  before?: () => Promise<unknown>;
  after?: () => Promise<unknown>;
}

const rounds = 3;

/** The slowest interaction of each round; of the rounds the best, since a machine has other work to do as well. */
export async function nextPaints(page: Page, interactions: readonly Interaction[]): Promise<Record<string, number>> {
  const paints: Record<string, number> = {};
  await watchInteractions(page);
  for (const { name, act, before, after } of interactions) {
    const slowest: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await before?.();
      await takeInteractions(page);
      await act(round);
      slowest.push(Math.max(0, ...(await takeInteractions(page))));
      await after?.();
    }
    paints[name] = Math.min(...slowest);
  }
  return paints;
}

/** What people do all the time, with 5,000 accounts on the page: the next frame of each, in milliseconds. */
export async function usualInteractions(page: Page, guild: string): Promise<Record<string, number>> {
  const search = page.getByRole("searchbox", { name: "Search accounts" });
  const menu = page.getByRole("menu");
  const dialog = page.getByRole("dialog");
  const close = (open: typeof menu) => async () => {
    await page.keyboard.press("Escape");
    await expect(open).toHaveCount(0);
  };
  const accounts = await nextPaints(page, [
    {
      name: "open the palette",
      act: async () => {
        await page.keyboard.press("ControlOrMeta+k");
        await expect(dialog).toBeVisible();
      },
      after: close(dialog),
    },
    {
      name: "type in the filter of 5,000 accounts",
      act: () => search.pressSequentially("gallery", { delay: 60 }),
      after: () => search.fill(""),
    },
    {
      name: "open a menu",
      act: async () => {
        await page.getByRole("button", { name: "Choose columns" }).click();
        await expect(menu).toBeVisible();
      },
      after: close(menu),
    },
    {
      name: "open a dialog",
      act: async () => {
        await page.getByRole("button", { name: "Track an account" }).click();
        await expect(dialog).toBeVisible();
      },
      after: close(dialog),
    },
    {
      name: "switch the theme",
      before: async () => {
        await page.getByRole("button", { name: /otto/i }).first().click();
        await expect(menu).toBeVisible();
      },
      act: (round) => page.getByRole("menuitemradio", { name: round % 2 === 0 ? "Dark" : "Light" }).click(),
      after: close(menu),
    },
  ]);
  await page.goto(`${guild}/analytics`);
  const period = (round: number) => page.getByRole("button", { name: round % 2 === 0 ? "90 days" : "7 days" });
  await expect(period(0)).toBeVisible();
  const analytics = await nextPaints(page, [
    {
      name: "switch the period",
      act: async (round) => {
        await period(round).click();
        await expect(period(round)).toHaveAttribute("aria-pressed", "true");
      },
    },
  ]);
  return { ...accounts, ...analytics };
}
