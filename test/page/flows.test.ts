import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Flow } from '../../src/client/answers.ts';
import { expectAccessible } from '../support/page/axe.ts';
import { type OpenPage, openAs } from '../support/page/open-page.ts';
import { tokenOf } from '../support/app/token-of.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun("the page's view of flows", 'apt-get install chromium');

describe.runIf(hasBrowser)('The page of flows', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500' });
  let opened: OpenPage | undefined;

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function open(hash: string): Promise<Page> {
    opened = await openAs(started.browser, started.app.url, { user: 'alice' }, hash);
    return opened.page;
  }

  async function ask(destination: object, protocol = 'Tcp'): Promise<string> {
    const token = await tokenOf(started.app.url, 'alice');
    const answer = await fetch(`${started.app.url}/api/checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify({ source: { endpoint: 'web-01' }, destination, protocol }),
    });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { id: string }).id;
  }

  it('says what it is for, takes the words of a flow, and tells that nobody has checked it', async () => {
    const page = await open('#/flows');
    await page.getByText('you see when this flow worked last').waitFor();
    await expectAccessible(page);
    await page.getByLabel('From', { exact: true }).fill('web-01');
    await page.getByLabel('To', { exact: true }).fill('10.1.6.2');
    await page.getByLabel('Port', { exact: true }).fill('443');
    await page.getByLabel('Protocol').selectOption('TCP');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Look' }).press('Enter');
    await page.getByRole('heading', { name: 'web-01 → 10.1.6.2: TCP port 443' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/flows?source=web-01&destination=10.1.6.2&port=443&protocol=Tcp');
    await page.locator('.sentence', { hasText: 'Nobody has checked this yet.' }).waitFor();
    expect(await page.getByRole('link', { name: 'Ask it now' }).getAttribute('href')).toBe(
      '#/?source=web-01&destination=10.1.6.2&port=443&protocol=Tcp',
    );
    await expectAccessible(page);
  });

  it('shows the newest checks, each with its state, time and link', async () => {
    const reachable = await ask({ address: '10.1.2.4', port: 1433 });
    const again = await ask({ address: '10.1.2.4', port: 1433 });
    const page = await open('#/flows?source=web-01&destination=sql-01&port=1433&protocol=tcp');
    await page.locator('.sentence', { hasText: 'has not failed since' }).waitFor();
    expect(await page.getByLabel('Protocol').inputValue()).toBe('Tcp');
    const entries = page.locator('.time-line li');
    expect(await entries.count()).toBe(2);
    expect(await entries.nth(0).textContent()).toMatch(/Reachable.*UTC.*TCP port 1433.*last success/);
    expect(await entries.nth(0).getByRole('link').getAttribute('href')).toBe(`#/checks/${again}`);
    expect(await entries.nth(1).getByRole('link').getAttribute('href')).toBe(`#/checks/${reachable}`);
    expect(await entries.nth(1).textContent()).not.toContain('last success');
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await expectAccessible(page);
    await entries.nth(0).getByRole('link').click();
    await page.getByRole('link', { name: 'History of this flow' }).click();
    await page.locator('.sentence', { hasText: 'has not failed since' }).waitFor();
    expect(await page.locator('.time-line li').count()).toBe(2);
  });

  it('finds the checks of a URI by the link of its check', async () => {
    const id = await ask({ address: 'https://shop.example.com/health?key=ab' }, 'Https');
    const page = await open(`#/checks/${id}`);
    await page.getByRole('link', { name: 'History of this flow' }).click();
    await page.locator('.time-line li').waitFor();
    expect(await page.locator('.time-line a').getAttribute('href')).toBe(`#/checks/${id}`);
  });

  it('tells what changed between the last success and the first failure, and runs nothing of it', async () => {
    const nasty = '<img src=x onerror="window.pwned=1">';
    const page = await open('#/');
    const at = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`;
    const id = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
    const flow: Flow = {
      ...{ source: `/a/${nasty}`, destination: nasty, port: 1, protocol: nasty },
      lastSuccess: { at: at(1) },
      firstFailure: { at: at(2), id },
      changes: [{ what: 'reason', sentence: `NSG rule ${nasty}` }],
      newest: [
        { at: at(3), error: { code: nasty }, protocol: nasty },
        { at: at(2), reachability: 'Unreachable', id, port: 1, protocol: 'Tcp' },
      ],
    };
    await page.route('**/api/flows?*', (route) => route.fulfill({ json: flow }));
    await page.goto(`${started.app.url}/#/flows?source=a&destination=b`);
    await page.getByRole('heading', { name: 'What changed between' }).waitFor();
    await page.getByText(`NSG rule ${nasty}`).waitFor();
    expect(await page.locator('dl').textContent()).toBe(
      'Last success2026-03-01 10:01:00 UTCFirst failure after2026-03-01 10:02:00 UTC',
    );
    const entries = page.locator('.time-line li');
    expect(await entries.nth(0).textContent()).toMatch(/Failed.*10:03:00 UTC/);
    expect(await entries.nth(1).textContent()).toMatch(/Unreachable.*first failure after/);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    await expectAccessible(page);
  });

  it('hands on what the proxy says of words that it does not know, and of what policy refuses', async () => {
    const page = await open('#/flows?source=web-99&destination=10.1.2.4&port=1433&protocol=Tcp');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    await page.goto(`${started.app.url}/#/flows?source=web-01&destination=10.99.0.4&port=443&protocol=Tcp`);
    await page.getByText('No rule of the policy lets you test this flow').waitFor();
    expect(await page.getByRole('link', { name: 'What you may test' }).getAttribute('href')).toBe('#/me');
    await page.goto(`${started.app.url}/#/flows?source=web-01&destination=10.1.2.4&port=many`);
    await page.getByRole('alert').getByText('port').waitFor();
  });
});
