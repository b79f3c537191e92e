import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/page/axe.ts';
import { openAs } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('linking a chat account on the page', 'apt-get install chromium');

const code = 'AbCdEfGhIjKlMnOpQrStUv';
const hostile = '<img src=x onerror="document.title=\'run\'">';
const account = {
  chat: 'slack',
  team: 'T0123',
  teamName: 'Example',
  user: 'U0456',
  name: hostile,
  email: 'anna@local.example',
};
const until = '2026-03-01T10:10:00.000Z';
const link = {
  ...{ id: '3f2a9c1e-0000-4000-8000-000000000001', ...account, until, linkedAt: until },
  ...{ requester: { id: 'a/b', name: 'anna' }, roles: ['Check.Request'] },
};

interface Call {
  readonly what: string;
  readonly body: unknown;
}

type Answers = Readonly<Record<string, { readonly status: number; readonly json: object }>>;

/** What the calls about chat accounts answer, and what they were asked. */
async function answersLinks(page: Page, answers: Answers): Promise<readonly Call[]> {
  const calls: Call[] = [];
  await page.route('**/api/chat/links**', (route) => {
    const request = route.request();
    const what = `${request.method()} ${new URL(request.url()).pathname}`;
    calls.push({ what, body: request.postDataJSON() as unknown });
    const notSetUp = { error: { code: 'NotFound', message: 'Chat is not set up here.' } };
    return route.fulfill(answers[what] ?? { status: 404, json: notSetUp });
  });
  return calls;
}

describe.runIf(hasBrowser)('linking a chat account on the page', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500' });

  it('shows whose account it is before anything is bound, and binds it by a click', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' });
    const calls = await answersLinks(page, {
      'POST /api/chat/links/preview': { status: 200, json: { ...account, until, days: 7 } },
      'POST /api/chat/links': { status: 201, json: link },
    });
    await page.goto(`${started.app.url}/#/link/${code}`);
    await page.getByText('anna@local.example').waitFor();
    await page.getByText('for 7 days').waitFor();
    const facts = ['Slack', `${hostile} U0456`, 'Example T0123', 'anna@local.example'];
    expect(await page.locator('main dd').allTextContents()).toEqual(facts);
    expect(calls).toEqual([{ what: 'POST /api/chat/links/preview', body: { code } }]);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Linked.').waitFor();
    await page.getByText('acts for anna until 2026-03-01 10:10:00 UTC').waitFor();
    expect(calls.slice(1)).toEqual([{ what: 'POST /api/chat/links', body: { code } }]);
    expect(await page.locator('main img').count()).toBe(0);
    await expectAccessible(page);
    await close();
  });

  it('says why an account cannot be linked', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' });
    const message = 'The account has another e-mail address than you.';
    await answersLinks(page, {
      'POST /api/chat/links/preview': { status: 200, json: { ...account, until, days: 1 } },
      'POST /api/chat/links': { status: 403, json: { error: { code: 'PolicyRefused', message } } },
    });
    await page.goto(`${started.app.url}/#/link/${code}`);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').filter({ hasText: message }).waitFor();
    expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
    expect(await page.getByText('The link is good once').count()).toBe(0);
    await close();
  });

  it('is asked and confirmed again where the chat did not say whose account it is', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' });
    const json = { error: { code: 'ChatUnavailable', message: 'The chat does not say now whose account it is.' } };
    const answers: Record<string, { status: number; json: object }> = {
      'POST /api/chat/links/preview': { status: 503, json },
      'POST /api/chat/links': { status: 503, json },
    };
    await answersLinks(page, answers);
    await page.goto(`${started.app.url}/#/link/${code}`);
    await page.getByText('does not say now').waitFor();
    const shown = { ...account, chat: 'teams', until, days: 7 };
    answers['POST /api/chat/links/preview'] = { status: 200, json: shown };
    await page.getByRole('button', { name: 'Look again' }).click();
    // What Teams calls a team is none of this.
    await page.getByText('Tenant', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('does not say now').waitFor();
    await page.getByText('The link is good once').waitFor();
    answers['POST /api/chat/links'] = { status: 201, json: link };
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Linked.').waitFor();
    await close();
  });

  it('says that a code is used up, and that chat is not set up', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' });
    const json = { error: { code: 'NotFound', message: 'This link was used: write "link" in the chat.' } };
    await answersLinks(page, { 'POST /api/chat/links/preview': { status: 404, json } });
    await page.goto(`${started.app.url}/#/link/${code}`);
    await page.getByText('This link was used').waitFor();
    // The proxy's own answer.
    await page.unrouteAll();
    await page.goto(`${started.app.url}/#/link/another-one`);
    await page.getByText('Chat is not set up here.').waitFor();
    await expectAccessible(page);
    await close();
  });

  it('lists the linked accounts, and unlinks one', async () => {
    const { page, close } = await openAs(started.browser, started.app.url, { user: 'anna' });
    const answers: Record<string, { status: number; json: object }> = {
      'GET /api/chat/links': { status: 200, json: { value: [link] } },
      [`DELETE /api/chat/links/${link.id}`]: { status: 200, json: link },
    };
    const calls = await answersLinks(page, answers);
    await page.goto(`${started.app.url}/#/me`);
    await page.getByText(`${hostile} in Example (Slack, anna@local.example) acts for anna`).waitFor();
    await expectAccessible(page);
    answers['GET /api/chat/links'] = { status: 200, json: { value: [] } };
    await page.getByRole('button', { name: 'Unlink' }).click();
    await page.getByText('No chat account acts for you.').waitFor();
    expect(calls.map(({ what }) => what)).toContain(`DELETE /api/chat/links/${link.id}`);
    await close();
  });
});
