import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../support/app/token-of.ts';
import { expectAccessible } from '../support/page/axe.ts';
import { openAs } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('the audit on the page', 'apt-get install chromium');

const hostile = '<img src=x onerror="document.title=\'run\'">';
const auditor = { user: 'carol', roles: ['Audit.Read'] };

describe.runIf(hasBrowser)('the audit on the page', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500' });
  let checkId: string;
  let token: string;
  const ask = (destination: object, reason: string) =>
    fetch(`${started.app.url}/api/checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=60' },
      body: JSON.stringify({ source: { endpoint: 'web-01' }, destination, protocol: 'Tcp', reason }),
    });
  beforeAll(async () => {
    token = await tokenOf(started.app.url, 'anna');
    checkId = ((await (await ask({ endpoint: 'sql-01' }, hostile)).json()) as { id: string }).id;
    expect((await ask({ address: '10.99.1.4', port: 443 }, 'a try')).status).toBe(403);
  });

  it('is searched by fields, which stand in the address, and tells one event as a story', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, auditor, '#/audit');
    await page.getByText('anna asked whether web-01 reaches 10.1.2.4 by TCP port 1433.').waitFor();
    await page.getByLabel('Who').fill('anna');
    await page.getByLabel('Action').selectOption('refused');
    await page.getByLabel('From', { exact: true }).fill('-24h');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${started.app.url}/#/audit?requester=anna&action=refused&from=-24h`);
    await page.getByText('1 event.').waitFor();
    const events = page.locator('.events > li');
    expect(await events.count()).toBe(1);
    await events.locator('summary').click();
    const story = (await events.innerText()).replace(/\s+/g, ' ');
    expect(story).toContain('anna was refused: whether web-01 reaches 10.99.1.4 by TCP port 443.');
    expect(story).toContain('Decision Refused by rule no-pci: Rule "no-pci" denies it');
    expect(story).toContain('Because a try');
    expect(story).toContain('Acting in Azure system-assigned');
    await expectAccessible(page);
    const requestId = await events.getByRole('link').first().innerText();
    await events.getByRole('link').first().click();
    await page.waitForURL(`${started.app.url}/#/audit?requestId=${requestId}`);
    await page.getByText('1 event.').waitFor();
    await close();
  });

  it('tells the whole history of a check, and runs nothing that somebody wrote', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, auditor, `#/audit?checkId=${checkId}`);
    await page.getByText('3 events.').waitFor();
    const actions = await page.locator('.events .action').allInnerTexts();
    expect(actions).toEqual(['finished', 'started', 'requested']);
    await page.locator('.events summary').last().click();
    await page.getByText(hostile).last().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await page
      .locator('.events')
      .getByRole('link', { name: checkId.slice(0, 8) })
      .last()
      .click();
    await page.waitForURL(`${started.app.url}/#/checks/${checkId}`);
    await close();
  });

  it('names each filter that is wrong, beside it', async () => {
    const hash = '#/audit?from=yesterday&action=asked&checkId=zz';
    const { page, close } = await openAs(started.browser, started.app.url, auditor, hash);
    await page.getByRole('alert').filter({ hasText: 'Nothing was searched' }).waitFor();
    for (const label of ['From', 'Action', 'Check'])
      expect(await page.getByLabel(label, { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Who').getAttribute('aria-invalid')).toBe('false');
    await page.getByText('Give the id of a check').waitFor();
    await expectAccessible(page);
    await close();
  });

  it('goes on page by page', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, auditor, '#/audit');
    await page.getByText(/^\d+ events\.$/).waitFor();
    await page.route('**/api/audit?*top=50*', (route) =>
      route.continue({ url: route.request().url().replace('top=50', 'top=2') }),
    );
    await page.goto(`${started.app.url}/#/audit?requester=anna`);
    await page.getByText('2 events so far.').waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByText(/^4 events/).waitFor();
    expect(await page.locator('.events > li').count()).toBe(4);
    await close();
  });

  it('says that the audit is as it was written, and proves it when it is asked', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, auditor, '#/audit');
    await page.getByRole('button', { name: 'Verify the audit' }).click();
    await page.getByText('The audit is as it was written.').waitFor();
    await page.getByText(/\d+ events are as the checkpoints say/).waitFor();
    await expectAccessible(page);
    await close();
  });

  it('says in words what is not as it was written', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, auditor, '#/audit');
    await page.route('**/api/audit/verification*', (route) =>
      route.fulfill({
        json: {
          ...{ valid: false, events: 4, pending: 0, provenUntil: '2026-03-01T10:00:00.000Z' },
          faults: [{ kind: 'deleted', place: 't!1', detail: hostile }],
          gaps: [{ from: '2026-03-01T08:00:00.000Z', to: '2026-03-01T10:00:00.000Z' }],
        },
      }),
    );
    await page.getByRole('button', { name: 'Verify the audit' }).click();
    await page.getByText('The audit is not as it was written.').waitFor();
    await page.getByText('A row was deleted').waitFor();
    await page.getByText('No checkpoint was made from 2026-03-01 08:00:00 UTC').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await expectAccessible(page);
    await close();
  });

  it('saves the present search as CSV', async () => {
    const { page, close } = await openAs(
      started.browser,
      started.app.url,
      auditor,
      `#/audit?checkId=${checkId}&action=requested`,
    );
    await page.getByText('1 event.').waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe('audit.csv');
    const csv = await readFile(await download.path(), 'utf8');
    const lines = csv.trim().split('\r\n');
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(checkId);
    expect(lines[1]).toContain('anna');
    await page.getByText('Saved.').waitFor();
    await close();
  });

  it('says to others which role they need', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' }, '#/audit');
    await page.getByText('To read the audit you need the app role Audit.Read.').waitFor();
    expect(await page.getByRole('button', { name: 'Search' }).count()).toBe(0);
    await expectAccessible(page);
    await close();
  });

  it('is whole at 320 pixels', async () => {
    const viewport = { width: 320, height: 700 };
    const { page, close } = await openAs(
      started.browser,
      started.app.url,
      { ...auditor, viewport },
      `#/audit?checkId=${checkId}`,
    );
    await page.locator('.events summary').first().click();
    await page.getByText('Acting in Azure').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await expectAccessible(page);
    await close();
  });
});
