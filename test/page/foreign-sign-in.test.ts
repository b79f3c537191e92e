import { describe, expect, it } from 'vitest';
import { openPage } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

// Whoever leads a person to the page with a code of their own would have that person work in their name.

if (!hasBrowser) notRun('the sign-in of the page with a code of somebody else', 'apt-get install chromium');

describe.runIf(hasBrowser)('the page', () => {
  const started = startedPage();

  /** With what mallory comes back from the authority; the page has not used it. */
  async function queryOfMallory(): Promise<URLSearchParams> {
    const { page, close } = await openPage(started.browser, started.app.url);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name').fill('mallory');
    await page.route('**/page.js', (route) => route.abort());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/[?&]code=/);
    const { searchParams } = new URL(page.url());
    await close();
    return searchParams;
  }

  /** Leaves for the authority, comes back with something else, is not signed in, and answers who was asked for a token. */
  async function tokensAskedFor(query: (state: string) => URLSearchParams): Promise<string[]> {
    const { page, close } = await openPage(started.browser, started.app.url);
    const asked: string[] = [];
    let state = '';
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(request.url());
      state = new URL(request.url()).searchParams.get('state') ?? state;
    });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name').waitFor();
    expect(state).not.toBe('');
    await page.goto(`${started.app.url}/?${query(state).toString()}`);
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(page.url()).toBe(`${started.app.url}/#/`);
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
    await close();
    return asked;
  }

  it('ends no sign-in with another state than its own, and asks nobody for a token', async () => {
    const given = await queryOfMallory();
    const withState = (...states: string[]) => {
      const query = new URLSearchParams(given);
      query.delete('state');
      for (const state of states) query.append('state', state);
      return query;
    };
    expect(await tokensAskedFor(() => given)).toEqual([]);
    expect(await tokensAskedFor(() => withState(''))).toEqual([]);
    expect(await tokensAskedFor((own) => withState(given.get('state') ?? '', own))).toEqual([]);
  });

  it('ends no sign-in with a code that was given to somebody else', async () => {
    const given = await queryOfMallory();
    const withOwnState = (own: string) => {
      const query = new URLSearchParams(given);
      query.set('state', own);
      return query;
    };
    // The authority is asked, and says no: it knows another verifier.
    expect(await tokensAskedFor(withOwnState)).toHaveLength(1);
  });
});
