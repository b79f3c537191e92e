import { describe, expect, it } from 'vitest';
import { expectAccessible, violationsOn } from '../support/page/axe.ts';
import { openAs, openPage, signIn } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('the sign-in of the page', 'apt-get install chromium');

describe.runIf(hasBrowser)('the page', () => {
  const started = startedPage();

  it('asks whoever is not signed in to sign in, and goes back to where they were', async () => {
    const alice = await openPage(started.browser, started.app.url, '#/me');
    await signIn(alice.page, { user: 'alice' });
    expect(alice.page.url()).toBe(`${started.app.url}/#/me`);
    expect(await alice.page.getByText('alice', { exact: true }).count()).toBeGreaterThan(0);
    await alice.page.reload();
    await alice.page.getByRole('button', { name: 'Sign out' }).click();
    await alice.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await alice.page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
    await alice.close();
  });

  it('signs in in two tabs at once, whichever comes back first, each as its own person', async () => {
    const one = await openPage(started.browser, started.app.url, '#/me');
    const other = await one.context.newPage();
    await other.goto(`${started.app.url}/#/checks`);
    for (const page of [one.page, other]) {
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('Name').waitFor();
    }
    for (const [page, user, hash] of [
      [other, 'bob', '#/checks'],
      [one.page, 'alice', '#/me'],
    ] as const) {
      await page.getByLabel('Name').fill(user);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      expect(page.url()).toBe(`${started.app.url}/${hash}`);
      expect(await page.getByText(user, { exact: true }).count()).toBeGreaterThan(0);
    }
    await one.close();
  });

  it('begins anew where it is loaded again while a sign-in comes back', async () => {
    const { page, close } = await openPage(started.browser, started.app.url, '#/me');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name').waitFor();
    await page.reload();
    await page.getByLabel('Name').fill('alice');
    // It is never answered: the page is loaded again before.
    await page.route('**/token', () => undefined);
    const asked = page.waitForRequest('**/token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await asked;
    await page.reload();
    await page.unrouteAll();
    expect(page.url()).toBe(`${started.app.url}/#/me`);
    await signIn(page, { user: 'alice' });
    expect(page.url()).toBe(`${started.app.url}/#/me`);
    await close();
  });

  it('shows nothing in a frame of another page', async () => {
    const { context } = await openPage(started.browser, started.app.url);
    const other = await context.newPage();
    await other.route('http://other.test/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${started.app.url}/"></iframe>` }),
    );
    await other.goto('http://other.test/');
    await other.waitForLoadState('networkidle');
    const [, frame] = other.frames();
    expect(await frame?.locator('#app').count()).toBe(0);
    await context.close();
  });

  it.each(['?code=a&state=b', '?error=access_denied&state=b'])(
    'ends no sign-in that was not begun: %s',
    async (query) => {
      const opened = await openPage(started.browser, started.app.url, query);
      await opened.page.getByText('This sign-in was not begun on this tab').waitFor();
      expect(opened.page.url()).toBe(`${started.app.url}/`);
      await opened.close();
    },
  );

  it('opens at its own address alone, because one signs in there', async () => {
    const opened = await openPage(started.browser, started.app.url.replace('127.0.0.1', 'localhost'), '#/me');
    await opened.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(opened.page.url()).toBe(`${started.app.url}/#/me`);
    await opened.close();
  });

  it('is fit for everybody before the sign-in, and what would not be is found', async () => {
    const { page, close } = await openPage(started.browser, started.app.url);
    await page.getByText('recorded with your name').waitFor();
    await expectAccessible(page);
    await page.evaluate(`document.querySelector('main').append(document.createElement('button'))`);
    expect(await violationsOn(page)).toEqual(['button-name: <button></button>']);
    await close();
  });

  it('knows no place that it has not', async () => {
    const bob = await openAs(started.browser, started.app.url, { user: 'bob' }, '#/nowhere');
    expect(bob.page.url()).toBe(`${started.app.url}/#/`);
    await bob.page.goto(`${started.app.url}/#/nowhere/at/all`);
    await bob.page.getByRole('heading', { name: 'There is no such place' }).waitFor();
    await bob.close();
  });
});
