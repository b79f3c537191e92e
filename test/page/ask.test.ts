import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { tokenOf } from '../support/app/token-of.ts';
import { expectAccessible } from '../support/page/axe.ts';
import { openAs } from '../support/page/open-page.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('asking on the page', 'apt-get install chromium');

const hostile = '<img src=x onerror="document.title=\'run\'">';
const sample = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../policy.sample.json', import.meta.url)), 'utf8'),
) as { rules: object[]; limits?: unknown };
const POLICY = JSON.stringify({
  ...sample,
  $schema: undefined,
  rules: [...sample.rules, { id: 'odd', effect: 'deny', destinations: ['198.51.100.9'], reason: hostile }],
  limits: undefined,
});

interface Listed {
  readonly value: readonly { readonly id: string; readonly reason?: string; readonly request: object }[];
}

describe.runIf(hasBrowser)('asking on the page', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500', POLICY });

  const get = async (path: string, token: string): Promise<Listed> => {
    const answer = await fetch(`${started.app.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as Listed;
  };
  const checksOf = async (user: string) => (await get('/api/checks', await tokenOf(started.app.url, user))).value;
  const idOf = (page: Page): string => page.url().replace(/^.*#\/checks\//, '');
  const line = (page: Page) => page.getByRole('combobox', { name: 'What is to be checked' });

  it('takes a line from the keyboard alone, from the first letter to the check', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' });
    await page.keyboard.type('we');
    const options = page.getByRole('option');
    await options.filter({ hasText: 'endpoint: running, agent present' }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await line(page).getAttribute('aria-activedescendant')).toBe(await options.first().getAttribute('id'));
    expect(await options.first().getAttribute('aria-selected')).toBe('true');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect.poll(() => line(page).inputValue()).toBe('web-01 ');
    await page.keyboard.type('sq');
    await options.filter({ hasText: 'endpoint: 10.1.2.4, port 1433' }).waitFor();
    await page.keyboard.press('Escape');
    await options.first().waitFor({ state: 'hidden' });
    expect(await line(page).inputValue()).toBe('web-01 sq');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type(' because of a release');
    await page.getByText('From the endpoint "web-01" to the endpoint "sql-01". By TCP port 1433.').waitFor();
    await page.getByText('Allowed').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/checks\/[\da-f-]{36}$/);
    const [check] = await checksOf('anna');
    expect(check).toMatchObject({ id: idOf(page), reason: 'of a release', request: { destination: { port: 1433 } } });
    await page.goBack();
    await expect.poll(() => page.getByLabel('Source').inputValue()).toBe('web-01');
    await close();
  });

  it('takes fields from the keyboard alone; they and the line are two faces of one thing', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'berta' });
    await page.keyboard.type('web-01 10.1.2.4:22 icmp because x y');
    await page.getByRole('button', { name: 'Write it in fields' }).click();
    const fields = async () =>
      Promise.all(
        ['Source', 'Destination', 'Port', 'Protocol', 'Because (for the audit)'].map((label) =>
          page.getByLabel(label, { exact: true }).inputValue(),
        ),
      );
    expect(await fields()).toEqual(['web-01', '10.1.2.4', '22', 'icmp', 'x y']);
    await page.getByLabel('Protocol').focus();
    await page.keyboard.press('t');
    await page.getByLabel('Port').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('1433');
    await page.getByRole('button', { name: 'Write it in a line' }).click();
    expect(await line(page).inputValue()).toBe('web-01 10.1.2.4:1433 tcp because x y');
    await page.getByRole('button', { name: 'Write it in fields' }).click();
    expect(await fields()).toEqual(['web-01', '10.1.2.4', '1433', 'tcp', 'x y']);
    await page.getByText('Allowed').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Source').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/checks\/[\da-f-]{36}$/);
    expect(await checksOf('berta')).toHaveLength(1);
    await close();
  });

  it('keeps what is not finished when it is turned', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'berta' });
    await page.getByRole('button', { name: 'Write it in fields' }).click();
    await page.getByLabel('Destination').fill('sql-01');
    await page.getByLabel('Port').fill('14x');
    await page.getByText('Say from where').waitFor();
    await page.getByRole('button', { name: 'Write it in a line' }).click();
    expect(await line(page).inputValue()).toBe('sql-01 14x');
    await page.getByRole('button', { name: 'Write it in fields' }).click();
    expect(await page.getByLabel('Destination').inputValue()).toBe('sql-01');
    await page.getByLabel('Source').fill('web-01');
    await page.getByText('"14x" is no port: give a number from 1 to 65535.').waitFor();
    expect(await page.getByLabel('Port').getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'is no port' }).waitFor();
    await close();
  });

  it('says that it is refused, why and whom to ask, before anything is sent', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'dora' });
    const sent: string[] = [];
    page.on('request', (request) =>
      sent.push(`${request.method()} ${new URL(request.url()).pathname}${new URL(request.url()).search}`),
    );
    await line(page).fill('web-01 10.99.1.4:443');
    await page.getByText('Rule "no-pci" denies it: it is the PCI network: ask network-security.').waitFor();
    await page.getByText('Contact: #network-security').waitFor();
    await page.getByText('Refused').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    expect(page.url()).toBe(`${started.app.url}/#/`);
    expect(sent).not.toContain('POST /api/checks');
    const auditor = await tokenOf(started.app.url, 'auditor', ['Audit.Read']);
    expect((await get(`/api/audit?requester=${objectIdOf('dora')}`, auditor)).value).toEqual([]);
    await close();
  });

  it('sends nothing that is refused, also where Enter comes before the decision', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'dora' });
    await line(page).fill('web-01 10.99.1.4:443');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing was sent, and nothing is recorded.').waitFor();
    expect(page.url()).toBe(`${started.app.url}/#/`);
    expect(await checksOf('dora')).toEqual([]);
    await close();
  });

  it('asks anew where whoever was refused tries again', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'dora' });
    let isRefused = true;
    await page.route('**/api/checks?dryRun=true', async (route) => {
      const answer = (await (await route.fetch()).json()) as { decision: object };
      const decision = { ...answer.decision, allowed: false, reason: 'Not before noon.' };
      return route.fulfill({ json: isRefused ? { ...answer, decision } : answer });
    });
    await line(page).fill('web-01 sql-01');
    await page.getByText('Not before noon.').waitFor();
    isRefused = false;
    await line(page).press('Enter');
    await page.waitForURL(/#\/checks\//);
    await close();
  });

  it('says when to come back where a limit is met, and asks for no more by itself', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'dora' });
    let asked = 0;
    await page.route('**/api/checks', (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      asked++;
      const error = { code: 'TooManyRequests', message: 'You may ask 20 times a minute.' };
      return route.fulfill({ status: 429, headers: { 'retry-after': '45' }, json: { error } });
    });
    await line(page).fill('web-01 sql-01');
    await page.keyboard.press('Enter');
    await page.getByText('You may ask 20 times a minute.').waitFor();
    await page.getByText('You can ask again in 45 s.').waitFor();
    expect(asked).toBe(1);
    await expectAccessible(page);
    await close();
  });

  it('warns of a source that is stopped, or has no agent', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'emil' });
    await line(page).fill('bare-01 sql-01');
    await page.getByText('bare-01 has no Network Watcher agent').waitFor();
    await page.getByText('From the source "bare-01" to the endpoint "sql-01".').waitFor();
    await expectAccessible(page);
    await close();
  });

  it('names faults in words, and the source that was probably meant', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'emil' });
    await line(page).fill('web-01 sql-01 tpc');
    await page.getByText('"tpc" is no protocol: did you mean "tcp"?').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: '"tpc" is no protocol' }).waitFor();
    await expectAccessible(page);
    await line(page).fill('web-0l sql-01');
    await page.getByText('Did you mean "web-01"?').waitFor();
    await close();
  });

  it('is filled in by its address, which sends nothing', async () => {
    const hash = '#/?source=web-01&destination=sql-01&port=1433&protocol=Tcp&reason=a+release';
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'frieda' }, hash);
    await page.getByText('By TCP port 1433.').waitFor();
    expect(await page.getByLabel('Because (for the audit)').inputValue()).toBe('a release');
    expect(await page.getByLabel('Protocol').inputValue()).toBe('tcp');
    expect(await checksOf('frieda')).toEqual([]);
    await page.goto(`${started.app.url}/#/?source=web-02&destination=10.1.2.4`);
    await expect.poll(() => page.getByLabel('Source').inputValue()).toBe('web-02');
    await page.getByText('Say a port, or icmp').waitFor();
    await close();
  });

  it('makes one check of a double click', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'gustav' });
    await line(page).fill('web-01 sql-01');
    await page.getByText('Allowed').waitFor();
    await page.getByRole('button', { name: 'Check', exact: true }).dblclick();
    await page.waitForURL(/#\/checks\//);
    expect(await checksOf('gustav')).toHaveLength(1);
    await close();
  });

  it('makes one check of a question whose answers get lost, and which is then sent again', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'hanna' });
    let lost = 0;
    await page.route('**/api/checks', async (route) => {
      if (route.request().method() !== 'POST' || lost >= 4) return route.continue();
      lost++;
      await route.fetch();
      return route.abort();
    });
    await line(page).fill('web-01 sql-01');
    await page.keyboard.press('Enter');
    await page.getByText('gave no answer').waitFor();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.waitForURL(/#\/checks\//);
    expect(lost).toBe(4);
    expect((await checksOf('hanna')).map(({ id }) => id)).toEqual([idOf(page)]);
    await close();
  });

  it('asks by the latest words alone, and gives up what is overtaken', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'ida' });
    let isFirst = true;
    await page.route('**/api/checks?dryRun=true', async (route) => {
      if (!isFirst) return route.continue();
      isFirst = false;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return route.continue().catch(() => undefined);
    });
    const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('dryRun=true'));
    await line(page).fill('web-01 10.99.1.4:443');
    await page.waitForRequest('**/api/checks?dryRun=true');
    await line(page).fill('web-01 sql-01');
    await failed;
    await page.getByText('Allowed').waitFor();
    await page.waitForTimeout(1500);
    expect(await page.getByText('Refused').count()).toBe(0);
    await close();
  });

  it('leads from other lines to their views, and does nothing itself', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'jan' });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    const places = {
      'show 3f2a9c1e': '#/checks/3f2a9c1e',
      'cancel 3f2a9c1e': '#/checks/3f2a9c1e',
      'again 3f2a9c1e because it was mended': '#/checks/3f2a9c1e?reason=it+was+mended',
      'share 3f2a9c1e': '#/checks/3f2a9c1e',
      'compare 3f2a9c1e': '#/checks/3f2a9c1e',
      'compare 3f2a9c1e previous': '#/checks/3f2a9c1e?with=previous',
      'flow web-01 sql-01:1433': '#/flows?source=web-01&destination=sql-01&port=1433',
      list: '#/checks',
      me: '#/me',
      'endpoints web': '#/me',
      'set run shop': '#/sets?name=shop',
    };
    for (const [text, hash] of Object.entries(places)) {
      await page.goto(`${started.app.url}/#/`);
      await line(page).fill(text);
      await page.getByText(/^Opens /).waitFor();
      await page.getByRole('button', { name: 'Open', exact: true }).waitFor();
      await line(page).press('Enter');
      await page.waitForURL(`${started.app.url}/${hash}`);
    }
    expect(new Set(sent)).toEqual(new Set(['GET']));
    await page.goto(`${started.app.url}/#/`);
    await line(page).fill('help compare');
    await line(page).press('Enter');
    await page.getByText('What is not as it was when it worked last').waitFor();
    await close();
  });

  it('runs nothing that somebody wrote', async () => {
    const hash = `#/?${new URLSearchParams({ source: hostile, destination: hostile, reason: hostile, protocol: hostile }).toString()}`;
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'karl' }, hash);
    await page.getByText('No name of a source has').or(page.getByText('is no')).first().waitFor();
    await page.goto(`${started.app.url}/#/`);
    await line(page).fill('web-01 198.51.100.9:443');
    await page.getByText(hostile, { exact: false }).waitFor();
    await expectAccessible(page);
    expect(await page.title()).not.toBe('run');
    expect(await page.locator('main img').count()).toBe(0);
    await close();
  });

  it('tells whoever may not ask what they need, and whom to ask', async () => {
    const { page, close } = await openAs(
      started.browser,
      started.app.url,
      { user: 'lea', roles: [] },
      '#/?source=web-01',
    );
    await page.getByText('you need the app role Check.Request').waitFor();
    await page.getByText('Ask an administrator of the app registration').waitFor();
    expect(await page.getByRole('button', { name: 'Check', exact: true }).count()).toBe(0);
    await expectAccessible(page);
    await close();
  });

  it('lets whoever only reads write what they may', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'nils', roles: ['Audit.Read'] });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    await line(page).fill('web-01 sql-01:1433');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'you need the app role Check.Request' }).waitFor();
    await line(page).fill('show 3f2a9c1e');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${started.app.url}/#/checks/3f2a9c1e`);
    expect(sent).not.toContain('POST');
    await close();
  });

  it('shows examples that work, and is whole at 320 pixels', async () => {
    const viewport = { width: 320, height: 700 };
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'mona', viewport });
    await page.getByText('What you can write', { exact: true }).click();
    await page.getByText('Ends a check that runs.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'web-01 sql-01' }).first().click();
    expect(await line(page).inputValue()).toBe('web-01 sql-01');
    await page.getByText('Allowed').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await close();
  });
});
