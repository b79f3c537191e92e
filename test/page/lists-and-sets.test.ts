import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/page/axe.ts';
import { openAs } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('lists and sets on the page', 'apt-get install chromium');

const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000a';

describe.runIf(hasBrowser)('lists and sets', () => {
  const policy = {
    ...(JSON.parse(readFileSync('policy.sample.json', 'utf8')) as object),
    sets: {
      nightly: {
        sources: [
          { endpoint: 'web-01' },
          { resourceId: `${subscription}/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-02` },
        ],
        destinations: [{ endpoint: 'sql-01' }, { address: '10.1.4.4', port: 22 }],
      },
    },
  };
  const started = startedPage({ SIMULATOR_SPEED: '500', POLICY: JSON.stringify(policy) });

  /** Of a set that has ended, whose address is opened by itself. */
  const ended = (page: Page) => page.getByText(/^\d+ checks: (?!.*running)/);

  it('a set of the policy is run, followed to its end, and read as a table by keyboard', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'alice' }, '#/sets');
    await page.getByRole('button', { name: 'Run nightly' }).click();
    await page.waitForURL(/#\/sets\/[\w-]+$/);
    await ended(page).waitFor();
    expect(await ended(page).innerText()).toBe('4 checks: 2 reachable, 2 unreachable.');
    const headers = await page.getByRole('columnheader').allInnerTexts();
    expect(headers.slice(1)).toEqual(['10.1.2.4: port 1433', '10.1.4.4: port 22']);
    expect(await page.getByRole('rowheader').allInnerTexts()).toEqual(['web-01', 'web-02']);
    const cell = page.getByRole('cell');
    expect((await cell.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
      ...['✓ Reachable', '✗ Unreachable', '✓ Reachable', '✗ Unreachable'],
    ]);
    await expectAccessible(page);

    const focused = async () =>
      page.evaluate(`document.activeElement.closest('td')?.innerText.replace(/\\s+/g, ' ').trim()`);
    await cell.first().getByRole('link').focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('✗ Unreachable');
    // At the edge it stays where it is.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('✓ Reachable');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/checks\/[\w-]{36}$/);
    await close();
  });

  it('a set of lines tells what is refused, what did not work, and what changed when all is asked again', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'bob' }, '#/sets');
    await page
      .getByLabel('Checks, one a line')
      .fill('web-01 sql-01 # the shop\nweb-01 10.1.4.4:22\nweb-01 10.99.0.1:443');
    await page.getByLabel('Because').fill('the shop is down');
    await page.getByRole('button', { name: 'Run these' }).click();
    await ended(page).waitFor();
    expect(await ended(page).innerText()).toBe('3 checks: 1 reachable, 1 unreachable, 1 refused.');
    const wrong = page.getByRole('listitem');
    const [blocked = '', refused = ''] = await wrong.allInnerTexts();
    expect(blocked).toContain('web-01 → 10.1.4.4: TCP port 22');
    expect(blocked).toContain('NSG rule');
    expect(refused).toContain('10.99.0.1');
    expect(refused).toMatch(/Refused/);

    const first = page.url();
    await page.getByRole('button', { name: 'Ask all again' }).click();
    await page.waitForURL((url) => url.href !== first);
    await ended(page).waitFor();
    await page.getByRole('link', { name: 'The set before' }).click();
    await page.waitForURL(first);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    const csv = await readFile(await (await saving).path(), 'utf8');
    expect(csv.split('\r\n').map((line) => line.split(',')[4])).toEqual([
      'status',
      'Succeeded',
      'Succeeded',
      'Refused',
      undefined,
    ]);
    await close();
  });

  it('a line that cannot be meant is told by its number, and nothing is sent', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'carol' }, '#/sets');
    await page.getByLabel('Checks, one a line').fill('web-01 sql-01\nweb-01 10.1.4.4');
    await page.getByRole('button', { name: 'Run these' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/say a port, or icmp/i);
    await page.getByLabel('Checks, one a line').fill('web-01 sql-01\nlist');
    await page.getByRole('button', { name: 'Run these' }).click();
    await page.getByText('Line 2 is no check').waitFor();
    await page.reload();
    await page.getByText('You have no sets yet.').waitFor();
    await expectAccessible(page);
    await close();
  });

  it('checks are listed newest first, and filtered by what stands in the address bar', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'dave' }, '#/sets');
    await page.getByLabel('Checks, one a line').fill('web-01 sql-01\nweb-01 10.1.4.4:22');
    await page.getByRole('button', { name: 'Run these' }).click();
    await ended(page).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Checks' }).click();
    const rows = page.getByRole('listitem');
    await rows.nth(1).waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByText('Filters').click();
    await page.getByLabel('Outcome').selectOption('not reachable');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
    expect(page.url()).toMatch(/#\/checks\?outcome=notReachable$/);
    expect(await rows.innerText()).toContain('10.1.4.4: TCP port 22');
    await expectAccessible(page);
    await page.reload();
    await expect.poll(() => rows.count()).toBe(1);

    // Nothing can be so: a fault, and no empty list.
    await page.getByLabel('Source name').fill('nobody-knows-it');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/^No endpoint and no source of this name is open to you/);
    expect(await page.getByText('No check is as the filters say.').count()).toBe(0);
    await close();
  });

  it('fits a phone: nothing but a table scrolls sideways', async () => {
    const phone = { width: 320, height: 640 };
    const { page, close } = await openAs(
      started.browser,
      started.app.url,
      { user: 'alice', viewport: phone },
      '#/sets',
    );
    await page.getByRole('button', { name: 'Run nightly' }).click();
    await ended(page).waitFor();
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(await overflow()).toBe(0);
    await page.goto(`${started.app.url}/#/checks`);
    await page.getByRole('listitem').nth(3).waitFor();
    expect(await overflow()).toBe(0);
    await close();
  });
});
