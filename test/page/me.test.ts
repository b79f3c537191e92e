import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/page/axe.ts';
import { openAs } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('what the page tells of oneself', 'apt-get install chromium');

const hostile = '<img src=x onerror="document.title=\'run\'">';
const web =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01';
const POLICY = JSON.stringify({
  version: 1,
  endpoints: { 'web-01': { resourceId: web }, 'sql-01': { address: '10.1.2.4', port: 1433 } },
  rules: [
    {
      id: 'to-sql',
      effect: 'allow',
      sources: [web],
      destinations: ['endpoint:sql-01', '10.1.4.0/24'],
      ports: ['1433'],
      protocols: ['Tcp'],
    },
    { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], reason: hostile },
  ],
  sets: { shop: { sources: [{ endpoint: 'web-01' }], destinations: [{ endpoint: 'sql-01' }] } },
  limits: { requestsPerMinute: 7 },
});

describe.runIf(hasBrowser)('what the page tells of oneself', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500', POLICY });

  it('says what one may, what is denied and why, and what is left', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' }, '#/me');
    await page.getByText('You may ask for checks, as far as the policy allows them').waitFor();
    const rules = page.locator('.rules li');
    expect((await rules.first().innerText()).split('\n')).toEqual([
      ...['From', web, 'To', 'sql-01, 10.1.4.0/24', 'Ports', '1433', 'Protocols', 'TCP', 'Rule', 'to-sql'],
    ]);
    expect(await rules.nth(1).innerText()).toContain(`10.99.0.0/16\nPorts\nall\nProtocols\nall\nBecause\n${hostile}`);
    await page.getByRole('row', { name: 'Checks in a minute 7 of 7 nothing is used' }).waitFor();
    await page.getByRole('link', { name: 'shop' }).waitFor();
    await expectAccessible(page);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).not.toBe('run');
    await close();
  });

  it('leads from a name to the question about it', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' }, '#/me');
    await page.getByRole('link', { name: 'sql-01' }).click();
    await expect.poll(() => page.getByLabel('Destination').inputValue()).toBe('sql-01');
    await page.goBack();
    await page.getByLabel('Part of the name').fill('web');
    await page.getByRole('row', { name: /^web-01 running present/ }).waitFor();
    await page.getByText('1 machine.').waitFor();
    await page
      .getByRole('row', { name: /^web-01 running/ })
      .getByRole('link')
      .click();
    await expect.poll(() => page.getByLabel('Source').inputValue()).toBe('web-01');
    await close();
  });

  it('says to whoever asks that the proxy is paused, and why', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' }, '#/me');
    // The pause began after the page was opened.
    await page.route('**/api/me', async (route) => {
      const answer = await route.fetch();
      const paused = { reason: `we rebuild the core ${hostile}`, contact: '#netcheck' };
      return route.fulfill({ json: { ...((await answer.json()) as object), paused } });
    });
    await page.goto(`${started.app.url}/#/`);
    await page.getByText('The proxy is paused:').waitFor();
    await page.getByText(`we rebuild the core ${hostile}`).waitFor();
    await page.getByText('Ask #netcheck.').waitFor();
    await expectAccessible(page);
    await close();
  });

  it('says to whoever has no role what to do, at 320 pixels', async () => {
    const viewport = { width: 320, height: 700 };
    const { page, close } = await openAs(
      started.browser,
      started.app.url,
      { user: 'lea', roles: [], viewport },
      '#/me',
    );
    await page.getByText('Ask an administrator of the app registration').waitFor();
    expect(await page.getByText('What you may test').count()).toBe(0);
    await expectAccessible(page);
    await close();
    const anna = await openAs(started.browser, started.app.url, { user: 'anna', viewport }, '#/me');
    await anna.page.getByRole('row', { name: /^web-01 running present/ }).waitFor();
    expect(await anna.page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await expectAccessible(anna.page);
    await anna.close();
  });
});
