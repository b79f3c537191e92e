import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface Person {
  readonly user: string;
  readonly roles?: readonly string[];
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A tab of a browser of one person's own, at the proxy's page. What must never happen there is held when it is closed. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, and what the content security policy refused. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens `hash` of the page at `url`, where nobody is signed in yet. */
export async function openPage(browser: Browser, url: string, hash = '#/', person?: Person): Promise<OpenPage> {
  const { colorScheme = 'light', viewport = { width: 1280, height: 900 } } = person ?? {};
  const context = await browser.newContext({ colorScheme, viewport });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content.Security.Policy|violat/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${url}/${hash}`);
  return {
    page,
    context,
    faults,
    close: async () => {
      expect(faults).toEqual([]);
      await context.close();
    },
  };
}

/** Signs in on the local issuer's own page, as a person does, and is back on the page. */
export async function signIn(page: Page, { user, roles = ['Check.Request'] }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Name').fill(user);
  for (const box of await page.getByRole('checkbox').all())
    await box.setChecked(roles.includes((await box.getAttribute('value')) ?? ''));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Opens the page as that person. */
export async function openAs(browser: Browser, url: string, person: Person, hash = '#/'): Promise<OpenPage> {
  const opened = await openPage(browser, url, hash, person);
  await signIn(opened.page, person);
  return opened;
}
