// Makes the pictures of the page in docs/pictures, in the light and in the dark, from the running product: needs Chromium.
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startApp } from '../test/support/app/start-app.ts';
import { openAs } from '../test/support/page/open-page.ts';
import { startBrowser } from '../test/support/run/browser.ts';

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const viewport = { width: 1040, height: 720 };

/** By name of the picture: what a person does until there is something to see. */
const pictures: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  ask: async (page) => {
    await writeLine(page, 'web-01 10.99.0.1:443');
    await page.getByText('Nothing was sent').waitFor();
  },
  check: async (page) => {
    await writeLine(page, 'web-01 10.1.4.4:22');
    await page.getByText('Allowed').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Stopped here').waitFor();
  },
  set: async (page) => {
    await page.getByRole('link', { name: 'Sets' }).click();
    const lines = ['web-01', 'web-02'].flatMap((source) =>
      ['10.1.2.4:1433', '10.1.4.4:22', '10.2.1.4:22'].map((destination) => `${source} ${destination}`),
    );
    await page.getByLabel('Checks, one a line').fill(lines.join('\n'));
    await page.getByRole('button', { name: 'Run these' }).click();
    // The list of sets has such a sentence, too.
    await page.getByRole('button', { name: 'Ask all again' }).waitFor();
    await page.getByText(/^\d+ checks: (?!.*running)/).waitFor();
  },
};

const app = await startApp({ SIMULATOR_SPEED: '200' });
const browser = await startBrowser();
try {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [name, act] of Object.entries(pictures))
      await take(browser, `${name}-${colorScheme}.png`, colorScheme, act);
} finally {
  await browser.close();
  await app.stop();
}

async function take(
  browser: Browser,
  file: string,
  colorScheme: 'light' | 'dark',
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const opened = await openAs(browser, app.url, { user: 'alice', colorScheme, viewport });
  await act(opened.page);
  await opened.page.evaluate('document.activeElement.blur()');
  await opened.page.screenshot({ path: `${folder}${file}`, animations: 'disabled' });
  await opened.close();
}

async function writeLine(page: Page, line: string): Promise<void> {
  await page.getByLabel('What is to be checked').fill(line);
  await page.keyboard.press('Escape');
}
