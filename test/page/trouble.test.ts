import type { Page, Route } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Check, CheckSet } from '../../src/client/answers.ts';
import { tokenOf } from '../support/app/token-of.ts';
import { expectAccessible } from '../support/page/axe.ts';
import { type OpenPage, openAs } from '../support/page/open-page.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun('the page in trouble', 'apt-get install chromium');

const roles = ['Check.Request', 'Audit.Read'];
const unknown = '00000000-0000-4000-8000-000000000001';
const web =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01';
const POLICY = JSON.stringify({
  version: 1,
  endpoints: { 'web-01': { resourceId: web }, 'sql-01': { address: '10.1.2.4', port: 1433 } },
  rules: [{ id: 'all', effect: 'allow' }],
  sets: { shop: { sources: [{ endpoint: 'web-01' }], destinations: [{ endpoint: 'sql-01' }] } },
});

/** Each view, by what of it is answered by the proxy, and what is seen once that is there. */
const views: readonly (readonly [hash: string, title: string, seen: string])[] = [
  ['#/checks', 'Checks', 'You have asked for no check yet'],
  ['#/flows?source=web-01&destination=sql-01&port=1433&protocol=Tcp', 'Flows', 'Nobody has checked this yet.'],
  ['#/sets', 'Sets', 'You have no sets yet.'],
  ['#/audit', 'Audit', 'Nothing is read'],
  ['#/me', 'Me', 'machines.'],
  [`#/checks/${unknown}`, 'No such check', 'There is no check that you may read'],
  [`#/sets/${unknown}`, 'Set 00000000', 'There is no set of that id'],
];

describe.runIf(hasBrowser)('the page in trouble', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500', POLICY });
  const opened: OpenPage[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function open(hash = '#/', user = 'anna'): Promise<Page> {
    const one = await openAs(started.browser, started.app.url, { user, roles }, hash);
    opened.push(one);
    return one.page;
  }

  async function ask(user: string): Promise<Check> {
    const token = await tokenOf(started.app.url, user, roles);
    const answer = await fetch(`${started.app.url}/api/checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify({ source: { endpoint: 'web-01' }, destination: { address: '10.1.2.4', port: 1433 } }),
    });
    return (await answer.json()) as Check;
  }

  const goTo = (page: Page, hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  const main = (page: Page) => page.locator('main');
  const focused = (page: Page) =>
    page.evaluate<string>('document.activeElement === document.body ? "nothing" : document.activeElement.textContent');
  const expire = (page: Page) =>
    page.evaluate(
      `sessionStorage.setItem('netcheck-tokens', JSON.stringify({ ...JSON.parse(sessionStorage.getItem('netcheck-tokens')), expiresAt: 0 }))`,
    );

  it.each(views.filter(([hash]) => hash !== '#/audit'))(
    'does not leave somebody alone with an error: %s',
    async (hash, title, seen) => {
      const page = await open('#/');
      let isBroken = true;
      await page.route('**/api/**', (route) =>
        isBroken
          ? route.fulfill({ status: 500, json: { error: { code: 'InternalError', message: 'It <b>broke</b>.' } } })
          : route.continue(),
      );
      await goTo(page, hash);
      await main(page).getByText('It <b>broke</b>.').first().waitFor();
      await expectAccessible(page);
      isBroken = false;
      const broken = main(page).getByText('It <b>broke</b>.');
      while ((await broken.count()) > 0) {
        await main(page).getByRole('button', { name: 'Look again' }).first().click();
        await page.waitForTimeout(300);
      }
      await main(page).getByText(seen).first().waitFor();
      await expect.poll(() => page.title()).toBe(`${title} · Connectivity Check`);
    },
  );

  it.each(views)('lets whoever is not signed in any more sign in again, and be back: %s', async (hash) => {
    const page = await open('#/');
    await page.route('**/api/**', (route) =>
      route.request().url().endsWith('/api/sign-in')
        ? route.continue()
        : route.fulfill({ status: 401, json: { error: { code: 'Unauthorized', message: 'The token has ended.' } } }),
    );
    await goTo(page, hash);
    await main(page).getByText('The token has ended.').first().waitFor();
    await main(page).getByRole('button', { name: 'Sign in again' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('anna');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(page.url()).toBe(`${started.app.url}/${hash}`);
  });

  it.each(views)('goes on where an answer is of another shape: %s', async (hash) => {
    const page = await open('#/');
    await page.route('**/api/**', (route) => route.fulfill({ json: {} }));
    await goTo(page, hash);
    await main(page).getByRole('button', { name: 'Look again' }).first().waitFor();
    await page.unrouteAll();
    await page.getByRole('link', { name: 'Ask' }).click();
    await page.getByRole('combobox', { name: 'What is to be checked' }).waitFor();
  });

  it('renews a token that has ended, once for all that is asked meanwhile', async () => {
    const page = await open('#/');
    const renewed: string[] = [];
    page.on('request', (request) => {
      if (request.postData()?.includes('grant_type=refresh_token')) renewed.push(request.url());
    });
    await expire(page);
    await goTo(page, '#/me');
    await page.getByText('machines.').waitFor();
    expect(renewed).toHaveLength(1);
  });

  it('says that a sign-in was revoked, and signs in again', async () => {
    const page = await open('#/');
    await page.route('**/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));
    await expire(page);
    await goTo(page, '#/checks');
    await page.getByText('Your sign-in has ended.').waitFor();
    await expectAccessible(page);
    await page.route('**/api/sign-in', (route) => route.abort());
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('alert').getByText('gave no answer').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByLabel('Name', { exact: true }).fill('anna');
  });

  it.each([
    ['the network is away', (route: Route) => route.abort()],
    ['the authority has trouble', (route: Route) => route.fulfill({ status: 503, json: { error: 'server_error' } })],
  ])('stays signed in, and follows on, where a token ends while %s', async (_, fail) => {
    const { id } = await ask('anna');
    const page = await open('#/');
    let isAway = true;
    await page.route('**/token', (route) => (isAway ? fail(route) : route.continue()));
    await expire(page);
    await goTo(page, `#/checks/${id}`);
    await page.getByText('your sign-in cannot be renewed just now').waitFor();
    isAway = false;
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.locator('.path').waitFor();
  });

  it('waits as long as it is told before it asks again, and leaves nothing behind', async () => {
    const { id } = await ask('anna');
    const page = await open('#/');
    await page.evaluate(`{
      window.listening = 0;
      const add = document.addEventListener.bind(document);
      document.addEventListener = (name, listener, options) => {
        if (name === 'visibilitychange') {
          window.listening += 1;
          options?.signal?.addEventListener('abort', () => (window.listening -= 1));
        }
        return add(name, listener, options);
      };
    }`);
    let asked = 0;
    await page.route(`**/api/checks/${id}`, async (route) => {
      asked += 1;
      const response = await route.fetch();
      if (asked > 3)
        return route.fulfill({
          ...{ status: 429, headers: { 'retry-after': '60' } },
          json: { error: { code: 'TooManyRequests', message: 'Not so fast.' } },
        });
      return route.fulfill({ response, json: { ...((await response.json()) as Check), status: 'Running' } });
    });
    await goTo(page, `#/checks/${id}`);
    await page.getByText('Not so fast.').waitFor();
    await page.getByText('You can ask again in 60 s.').waitFor();
    const before = asked;
    await page.waitForTimeout(5000);
    expect(asked).toBe(before);
    expect(await page.evaluate('window.listening')).toBeLessThan(2);
  });

  it('brings nobody back who has gone elsewhere meanwhile', async () => {
    const { id } = await ask('anna');
    const page = await open(`#/checks/${id}`);
    let answered = false;
    await page.route('**/rerun', async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.fulfill({ response });
      answered = true;
    });
    const again = page.getByRole('button', { name: 'Ask again' });
    await again.dblclick();
    await page.getByRole('link', { name: 'Flows' }).click();
    await expect.poll(() => answered, { timeout: 10_000 }).toBe(true);
    await page.waitForTimeout(300);
    expect(page.url()).toBe(`${started.app.url}/#/flows`);
  });

  it('keeps the focus where the button that has it is busy, and where it goes away', async () => {
    const { id } = await ask('carla');
    const page = await open('#/checks', 'carla');
    await page.locator('.rows li').first().waitFor();
    let pages = 0;
    await page.route('**/api/checks?*', async (route) => {
      pages += 1;
      const check = { ...(await ask('carla')), result: undefined };
      await new Promise((resolve) => setTimeout(resolve, 500));
      const nextLink = pages < 3 ? `${started.app.url}/api/checks?top=25&skip=${pages}` : undefined;
      await route.fulfill({ json: { value: [check], ...(nextLink !== undefined && { nextLink }) } });
    });
    await goTo(page, '#/checks?scope=visible');
    const more = page.getByRole('button', { name: 'More' });
    await more.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('More');
    await expect.poll(() => page.locator('.rows li').count(), { timeout: 10_000 }).toBe(2);
    expect(await focused(page)).toBe('More');
    await page.keyboard.press('Enter');
    await more.waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('Save what is shown');
    expect(pages).toBe(3);
    await page.unrouteAll();
    await goTo(page, `#/checks/${id}`);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('button', { name: 'Share it' }).click();
    const takeBack = page.getByRole('button', { name: /^Tak(e|ing) back/ });
    await takeBack.focus();
    await page.keyboard.press('Enter');
    await takeBack.waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('Share it');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("[aria-label=Actions]") !== null')).toBe(true);
  });

  it('leads from a line to the set that it names, with its reason', async () => {
    const page = await open('#/', 'dora');
    await page.keyboard.type('set run shop because INC-7');
    await page.getByText('Opens the sets, where you can start shop.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/sets\?name=shop&reason=INC-7$/);
    await expectAccessible(page);
    const [response] = await Promise.all([
      page.waitForResponse((each) => each.url().endsWith('/api/sets') && each.request().method() === 'POST'),
      page.locator('button.primary', { hasText: 'Run shop' }).click(),
    ]);
    expect(response.request().postDataJSON()).toEqual({ name: 'shop', reason: 'INC-7' });
    expect((await response.json()) as CheckSet).toMatchObject({ name: 'shop', total: 1 });
    await page.getByRole('heading', { name: /^Set shop of/ }).waitFor();
    await goTo(page, '#/sets?name=%E2%80%AEpohs');
    await page.getByText(String.raw`The policy has no set \u202epohs for you.`).waitFor();
  });

  it('takes no filter for another one, and no name for what it only looks like', async () => {
    const page = await open('#/flows?source=web-01&destination=sql-01&port=1433&protocol=udp');
    await page.getByRole('alert').getByText('Tcp').waitFor();
    expect(await page.getByLabel('Protocol').inputValue()).toBe('udp');
    await goTo(page, '#/checks?outcome=maybe');
    await page.getByRole('alert').getByText('reachable').waitFor();
    expect(await page.getByLabel('Outcome').inputValue()).toBe('maybe');
    await page.route('**/api/me', async (route) => {
      const response = await route.fetch();
      const me = (await response.json()) as { requester: object };
      await route.fulfill({ response, json: { ...me, requester: { ...me.requester, name: 'an\u202ena<b>' } } });
    });
    await page.reload();
    await page
      .locator('header')
      .getByText(String.raw`an\u202ena<b>`)
      .waitFor();
  });

  it('is as wide as the window, whatever people and sets are called, and however large the letters are', async () => {
    const name = 'n'.repeat(4096);
    const page = await open('#/', 'emma');
    await page.route('**/api/me', async (route) => {
      const response = await route.fetch();
      const me = (await response.json()) as { requester: object };
      await route.fulfill({
        response,
        json: {
          ...me,
          ...{ requester: { ...me.requester, name }, sets: [name], paused: { reason: name, contact: name } },
          endpoints: [{ name, address: name, port: 1 }],
        },
      });
    });
    await page.reload();
    await page.getByText('The proxy is paused').waitFor();
    expect((await page.locator('header').boundingBox())?.height).toBeLessThan(200);
    for (const [hash, seen] of [
      ['#/', 'The proxy is paused'],
      ['#/me', 'Endpoints by name'],
      ['#/sets', 'You have no sets yet.'],
    ] as const) {
      await goTo(page, hash);
      await main(page).getByText(seen).first().waitFor();
      for (const [width, zoom] of [
        [320, 1],
        [640, 2],
      ] as const) {
        await page.setViewportSize({ width, height: 700 });
        await page.evaluate(`document.documentElement.style.zoom = ${zoom}`);
        expect([hash, width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([
          hash,
          width,
          width,
        ]);
      }
    }
  });
});
