import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { startApp } from '../test/support/app/start-app.ts';
import { signIn } from '../test/support/page/open-page.ts';
import { startBrowser } from '../test/support/run/browser.ts';
import { quantile } from './quantile.ts';

export interface PageCost {
  readonly what: string;
  /** Median of the runs, in milliseconds; of a size bytes. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

const RUNS = 10;

/** What one waits for in a browser that has nothing of the page yet: to the first thing that is painted, by `npm start`. */
export async function page(): Promise<PageCost[]> {
  const app = await startApp({});
  const browser = await startBrowser();
  try {
    const signedOut: number[] = [];
    const signedIn: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext();
      const tab = await context.newPage();
      await tab.goto(`${app.url}/`);
      signedOut.push(await firstPaint(tab));
      await signIn(tab, { user: 'bench' });
      await tab.reload();
      signedIn.push(await firstPaint(tab));
      await context.close();
    }
    return [
      row('first contentful paint, not signed in', signedOut),
      row('first contentful paint, signed in', signedIn),
      row('script and style, gzipped', [await sizeOf('page.js', 'page.css')]),
    ];
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** From the navigation on. */
const firstPaint = (tab: { evaluate: (script: string) => Promise<unknown> }): Promise<number> =>
  tab
    .evaluate(
      `new Promise((resolve) => new PerformanceObserver((list) => {
        const paint = list.getEntriesByName('first-contentful-paint')[0];
        if (paint) resolve(paint.startTime);
      }).observe({ type: 'paint', buffered: true }))`,
    )
    .then(Number);

async function sizeOf(...files: readonly string[]): Promise<number> {
  const built = files.map((file) => readFile(fileURLToPath(new URL(`../dist/${file}`, import.meta.url))));
  return (await Promise.all(built)).reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
}

const row = (what: string, runs: readonly number[]): PageCost => ({
  ...{ what, median: quantile(runs, 0.5) },
  ...{ least: quantile(runs, 0), most: quantile(runs, 1) },
});
