import type { Page, Route } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Check, Me } from '../../src/client/answers.ts';
import { expectAccessible } from '../support/page/axe.ts';
import { type OpenPage, openAs, type Person } from '../support/page/open-page.ts';
import { tokenOf } from '../support/app/token-of.ts';
import { until } from '../support/until.ts';
import { startedPage } from '../support/page/started-page.ts';
import { hasBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';

if (!hasBrowser) notRun("the page's view of a check", 'apt-get install chromium');

const web =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01';
const POLICY = JSON.stringify({
  version: 1,
  rules: [{ id: 'all', effect: 'allow' }],
  contacts: [{ owners: ['network team'], contact: '#net-oncall' }],
});
const nasty = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

/** Who asks, how long it is waited for, and members of the request. */
interface How {
  readonly user?: string;
  readonly wait?: number;
  readonly [member: string]: unknown;
}

describe.runIf(hasBrowser)('The page of a check', () => {
  const started = startedPage({ SIMULATOR_SPEED: '500', POLICY });
  const opened: OpenPage[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function objectIdOf(user: string): Promise<string> {
    const headers = { authorization: `Bearer ${await tokenOf(started.app.url, user)}` };
    const answer = await fetch(`${started.app.url}/api/me`, { headers });
    return ((await answer.json()) as Me).requester.objectId;
  }

  /** Asks as a program does, and waits where the check ends. */
  async function ask(address: string, port: number, { user = 'alice', wait = 30, ...more }: How = {}): Promise<Check> {
    const token = await tokenOf(started.app.url, user);
    const answer = await fetch(`${started.app.url}/api/checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: `wait=${wait}` },
      body: JSON.stringify({ source: { resourceId: web }, destination: { address, port }, protocol: 'Tcp', ...more }),
    });
    expect(answer.status).toBe(wait > 0 ? 200 : 202);
    return (await answer.json()) as Check;
  }

  async function open(hash: string, person: Partial<Person> = {}): Promise<Page> {
    const one = await openAs(started.browser, started.app.url, { user: 'alice', ...person }, hash);
    opened.push(one);
    return one.page;
  }

  /** Puts what `change` makes of it in place of a check that the proxy answers. */
  const changed = (page: Page, id: string, change: (check: Check) => object) =>
    page.route(`**/api/checks/${id}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change((await response.json()) as Check) });
    });

  const stateOf = async (page: Page): Promise<string | null> => page.locator('.verdict .state').textContent();

  it('tells that a destination is reachable, by which path, and what was measured', async () => {
    const { id } = await ask('10.2.1.4', 22);
    const page = await open(`#/checks/${id}`);
    await page.getByRole('heading', { level: 1, name: 'web-01 → 10.2.1.4: TCP port 22' }).waitFor();
    expect(await stateOf(page)).toContain('Reachable');
    await page.getByText('web-01 (10.1.1.4) reaches 10.2.1.4 on TCP port 22').waitFor();
    await page.getByText('Probes: 66 of 66 probes were answered. Round trip: 19 ms on average (18–24 ms).').waitFor();
    const hops = page.locator('.path > li');
    expect(await hops.count()).toBe(3);
    expect(await hops.nth(0).textContent()).toContain('web-01 (10.1.1.4)');
    expect(await hops.nth(0).textContent()).toContain('Round trip to the next: 19 ms on average');
    expect(await hops.nth(1).textContent()).toContain('VirtualNetworkPeering');
    expect(await hops.nth(2).textContent()).toContain('Destination');
    expect(await page.locator('.mark').count()).toBe(0);
    await page.getByText('no earlier check of the same question found it working').waitFor();
    expect(await page.title()).toContain('Reachable: web-01');
    await expectAccessible(page);
  });

  it('marks where the path is stopped in word and shape, with why, what to do and whom to ask', async () => {
    const { id } = await ask('10.1.4.4', 22, { reason: 'INC-1042' });
    const page = await open(`#/checks/${id}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const stopped = page.locator('.path > li', { hasText: 'Stopped here' });
    await stopped.waitFor();
    expect(await stopped.count()).toBe(1);
    expect(await stopped.textContent()).toContain('NSG rule "DenySshInbound" denies');
    expect(await stopped.locator('svg .sign.stopped').count()).toBe(1);
    const reason = page.locator('.reasons li');
    expect(await reason.textContent()).toContain('network team: #net-oncall');
    await reason.getByRole('button').click();
    await reason.getByText('Copied').waitFor();
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    for (const part of [
      ...['web-01 → 10.1.4.4: TCP port 22', 'Unreachable. web-01', 'Cause: NSG rule', 'What to do: Allow'],
      ...[
        'Who: network team (#net-oncall)',
        'Asked by: alice',
        'Reason: INC-1042',
        `${started.app.url}/#/checks/${id}`,
      ],
    ])
      expect(text).toContain(part);
    await page.getByText('Azure’s answer as it came').click();
    // The browser tells the page a moment later that it was unfolded.
    await page.getByLabel('Azure’s answer').getByText('"connectionStatus": "Unreachable"').waitFor();
    await page.getByText('The same in a shell').click();
    expect(await page.getByLabel('Commands').textContent()).toContain(`netcheck ${web} 10.1.4.4:22 tcp\nnetcheck show`);
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 700 });
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByText('Who may read this check').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await expectAccessible(page);
  });

  it('draws branches, and says where each place leads', async () => {
    const { id } = await ask('10.1.6.4', 445);
    const page = await open('#/');
    const hop = (hopId: string, next: string[], address: string, more = {}) => {
      const properties = { roundTripTimeMin: 1, roundTripTimeAvg: 2, roundTripTimeMax: 3 };
      const links = next.map((nextHopId) => ({ nextHopId, properties }));
      return { id: hopId, type: 'VirtualAppliance', address, nextHopIds: next, links, issues: [], ...more };
    };
    await changed(page, id, (check) => ({
      ...check,
      result: {
        connectionStatus: 'Degraded',
        hops: [
          hop('s', ['f', 'g'], '10.1.1.4', { type: 'Source' }),
          hop('f', ['d'], '10.1.9.4'),
          hop('g', ['d'], '10.1.9.5'),
          hop('d', [], '10.1.6.4', { type: 'VirtualNetwork' }),
        ],
      },
      verdict: { ...check.verdict, reasons: [{ ...check.verdict.reasons[0], owner: 'VM owner', hop: '10.1.9.5' }] },
    }));
    await page.goto(`${started.app.url}/#/checks/${id}`);
    const hops = page.locator('.path > li');
    await hops.nth(3).waitFor();
    expect(await stateOf(page)).toContain('Degraded');
    expect(await hops.nth(0).textContent()).toContain('Round trip to 2, 10.1.9.4: 2 ms on average (1–3 ms)');
    expect(await hops.nth(0).textContent()).toContain('Round trip to 3, 10.1.9.5');
    expect(await hops.nth(1).textContent()).toContain('Round trip to 4');
    expect(await hops.nth(2).textContent()).toContain('Trouble here');
    expect(await hops.nth(0).locator('svg').first().locator('path').count()).toBe(2);
    await expectAccessible(page);
  });

  it('reads as well where a check failed, and where it was canceled', async () => {
    const failed = await ask('10.1.5.3', 443);
    const page = await open(`#/checks/${failed.id}`);
    await page.locator('.verdict').waitFor();
    expect(await stateOf(page)).toContain('Failed');
    expect(await page.locator('.reasons').textContent()).toContain('proxy operator');
    await page.getByText('AzureRefused').waitFor();
    await expectAccessible(page);

    const running = await ask('10.1.5.10', 443, { wait: 0 });
    await page.goto(`${started.app.url}/#/checks/${running.id}`);
    await page.getByText('Azure has been probing for').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('was canceled at').first().waitFor();
    expect(await stateOf(page)).toContain('Canceled');
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    await expectAccessible(page);
  });

  /** Answers as if the check ran until it is let go; a held request is kept, and counted with the others. */
  async function running(page: Page, id: string) {
    let letGo = (): void => undefined;
    let isLost = false;
    const end = new Promise<void>((resolve) => (letGo = resolve));
    const held = new Set<Route>();
    let asked = 0;
    await page.route(`**/api/checks/${id}`, async (route) => {
      asked += 1;
      if (isLost) return route.abort('internetdisconnected');
      if (route.request().headers()['prefer'] !== undefined) {
        held.add(route);
        await end;
        if (held.delete(route)) await route.continue().catch(() => undefined);
        return undefined;
      }
      const response = await route.fetch();
      const check = (await response.json()) as Check;
      const verdict = { summary: 'Azure is probing.', reasons: [] };
      const json = { ...check, status: 'Running', verdict, result: undefined, finishedAt: undefined };
      return route.fulfill({ response, json });
    });
    return {
      asked: () => asked,
      isHeld: () => held.size > 0,
      letGo,
      lose: async (): Promise<void> => {
        isLost = true;
        for (const route of held) await route.abort('internetdisconnected');
        held.clear();
      },
      comeBack: (): void => {
        isLost = false;
      },
    };
  }

  it('follows a check to its end, by one request at a time, and says once that it has ended', async () => {
    const { id } = await ask('10.1.2.4', 1433);
    const page = await open('#/');
    const watched = await running(page, id);
    await page.goto(`${started.app.url}/#/checks/${id}`);
    await page.getByText('Azure has been probing for').waitFor();
    expect(await stateOf(page)).toContain('Running');
    await page.evaluate(
      "window.said = []; new MutationObserver(() => said.push(document.querySelector('.check > .spoken').textContent)).observe(document.querySelector('.check > .spoken'), { childList: true, characterData: true, subtree: true })",
    );
    await expectAccessible(page);
    await until('the held request', 5, watched.isHeld);
    await page.waitForTimeout(2500);
    expect(watched.asked()).toBe(2);
    expect(await page.evaluate('said')).toEqual([]);
    watched.letGo();
    await page.locator('.path').waitFor();
    expect(await stateOf(page)).toContain('Reachable');
    await page.waitForTimeout(500);
    const said = (await page.evaluate<string[]>('said')).filter((text) => text !== '');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^The check has ended: Reachable\. web-01/);
    expect(watched.asked()).toBe(2);
  });

  it('asks nothing in a hidden tab, and goes on when it is seen again', async () => {
    const { id } = await ask('10.1.2.4', 1433);
    const page = await open('#/');
    const watched = await running(page, id);
    await page.goto(`${started.app.url}/#/checks/${id}`);
    await until('the held request', 5, watched.isHeld);
    const hide = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await hide(true);
    watched.letGo();
    const before = watched.asked();
    await page.waitForTimeout(3000);
    expect(watched.asked()).toBe(before);
    expect(await stateOf(page)).toContain('Running');
    await hide(false);
    await page.locator('.path').waitFor();
    expect(await stateOf(page)).toContain('Reachable');
  });

  it('says quietly that the network is lost, keeps what is known, and goes on when it is back', async () => {
    const { id } = await ask('10.1.2.4', 1433);
    const page = await open('#/');
    const watched = await running(page, id);
    await page.goto(`${started.app.url}/#/checks/${id}`);
    await until('the held request', 5, watched.isHeld);
    await watched.lose();
    await page.getByText('The proxy cannot be reached just now.').waitFor({ timeout: 30_000 });
    expect(await stateOf(page)).toContain('Running');
    await expectAccessible(page);
    watched.comeBack();
    watched.letGo();
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.locator('.path').waitFor();
    expect(await page.getByText('The proxy cannot be reached just now.').count()).toBe(0);
  });

  it('does not ask without a pause where the proxy does not hold its answers', async () => {
    const { id } = await ask('10.1.2.4', 1433);
    const page = await open('#/');
    let asked = 0;
    await changed(page, id, (check) => {
      asked += 1;
      return { ...check, status: 'Running', verdict: { summary: 'Azure is probing.', reasons: [] } };
    });
    await page.goto(`${started.app.url}/#/checks/${id}`);
    await page.getByText('Azure has been probing for').waitFor();
    await page.waitForTimeout(5000);
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(6);
  });

  it('is shared with a colleague, who opened it in vain before, and taken back', async () => {
    const { id } = await ask('10.1.2.4', 1433);
    const bob = await open(`#/checks/${id}`, { user: 'bob' });
    await bob.getByRole('heading', { name: 'There is no check that you may read under this id' }).waitFor();
    await expectAccessible(bob);
    const alice = await open(`#/checks/${id.slice(0, 8)}`);
    const share = alice.getByRole('button', { name: 'Share', exact: true });
    await share.click();
    expect(alice.url()).toBe(`${started.app.url}/#/checks/${id}`);
    await alice.getByLabel('These people alone').check();
    await alice.getByLabel('Their object ids').fill(',');
    await alice.getByRole('button', { name: 'Share it' }).click();
    await alice.locator('#share [role=alert]').waitFor();
    await alice.getByLabel('Their object ids').fill(await objectIdOf('bob'));
    await alice.getByRole('button', { name: 'Share it' }).click();
    await alice.getByText('This check is shared with one person until').waitFor();
    await bob.getByRole('button', { name: 'Look again' }).click();
    await bob.locator('.path').waitFor();
    expect(await bob.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0);
    expect(await bob.getByRole('button', { name: 'Ask again' }).count()).toBe(1);
    await alice.getByRole('button', { name: 'Take back' }).click();
    await alice.getByText('This check is shared').waitFor({ state: 'detached' });
    await bob.reload();
    await bob.getByRole('heading', { name: 'There is no check that you may read under this id' }).waitFor();
    await alice.getByLabel('Whoever may ask for checks').check();
    await alice.getByRole('button', { name: 'Share it' }).click();
    await alice.getByText('This check is shared with whoever may ask').waitFor();
    await expectAccessible(alice);
    await bob.getByRole('button', { name: 'Look again' }).click();
    await bob.locator('.path').waitFor();
    const auditor = await open(`#/checks/${id}`, { user: 'carol', roles: ['Audit.Read'] });
    await auditor.locator('.path').waitFor();
    expect(await auditor.getByRole('button', { name: /Ask again|Share|Cancel/ }).count()).toBe(0);
  });

  it('is asked again with the keyboard alone, and compared with what it came to before', async () => {
    const first = await ask('10.1.2.4', 1433, { user: 'keys' });
    const page = await open(`#/checks/${first.id}`, { user: 'keys' });
    await page.getByRole('button', { name: 'Ask again' }).waitFor();
    for (let tabs = 0; tabs < 20; tabs++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.textContent')) === 'Ask again') break;
    }
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => /#\/checks\/./.test(url.hash) && !url.hash.includes(first.id));
    await page.getByText('Nothing has changed since the check of').waitFor();
    expect(await page.getByRole('link', { name: first.id }).getAttribute('href')).toBe(`#/checks/${first.id}`);
    const second = new URL(page.url()).hash.replace('#/checks/', '');
    await page.route(`**/api/checks/${second}/comparison?with=previous`, async (route) => {
      const response = await route.fetch();
      const changes = [{ what: 'reason', sentence: `NSG rule "New" denies it now ${nasty}.` }];
      await route.fulfill({ response, json: { ...((await response.json()) as object), changed: true, changes } });
    });
    await page.getByRole('button', { name: 'The check before' }).click();
    await page.getByText('One thing has changed since the check of').waitFor();
    await page.getByText('NSG rule "New" denies it now').waitFor();
    await expectAccessible(page);
  });

  it('is asked again with the reason, and compared with what the line named', async () => {
    const first = await ask('10.1.2.4', 1433, { user: 'words' });
    const reason = `?reason=${encodeURIComponent(`it was mended ${nasty}`)}`;
    const page = await open(`#/checks/${first.id.slice(0, 8)}${reason}`, { user: 'words' });
    await page.getByText('Ask again gives this reason: it was mended').waitFor();
    await page.waitForURL((url) => url.hash === `#/checks/${first.id}${reason}`);
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.waitForURL((url) => /#\/checks\/[\w-]+$/.test(url.hash) && !url.hash.includes(first.id));
    await page.getByText('Nothing has changed since the check of').waitFor();
    expect(await page.locator('.facts').textContent()).toContain('it was mended');
    const second = new URL(page.url()).hash.replace('#/checks/', '');
    for (const [other, button] of [
      ['previous', 'The check before'],
      [first.id, `Check ${first.id.slice(0, 8)}`],
    ] as const) {
      const compared = page.waitForResponse(`**/comparison?with=${other}`);
      await page.goto(`${started.app.url}/#/checks/${second}?with=${other}`);
      expect((await compared).status()).toBe(200);
      await page.getByRole('button', { name: button, pressed: true }).waitFor();
    }
    await expectAccessible(page);
  });

  it('tells beside the button why it does not work', async () => {
    const headers = [{ name: 'x-probe', value: 'secret' }];
    const { id } = await ask('shop.example.com', 443, {
      ...{ protocol: 'Https', protocolConfiguration: { HTTPConfiguration: { headers } } },
    });
    const page = await open(`#/checks/${id}`);
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByLabel('Actions').getByRole('alert').waitFor();
    expect(await page.getByLabel('Actions').getByRole('alert').textContent()).toContain('headers');
    expect(await page.locator('.path').count()).toBe(1);
    await expectAccessible(page);
  });

  it('runs nothing of what people, hosts and Azure are called, and shows it as text', async () => {
    const { id } = await ask('10.1.4.4', 22, { user: nasty.slice(0, 60), reason: nasty });
    const page = await open('#/', { user: nasty.slice(0, 60) });
    await page.goto(`${started.app.url}/#/checks/${id}`);
    await page.locator('.path').waitFor();
    expect(await page.locator('.facts').textContent()).toContain(nasty);
    const odd = `javascript:alert(1)${nasty}\u202e\u001b[31m`;
    await changed(page, id, (check) => ({
      ...check,
      requester: { ...check.requester, name: odd },
      request: { source: { resourceId: `${web}${odd}` }, destination: { address: odd, port: 1 } },
      warnings: [{ code: 'AgentAbsent', message: odd }],
      error: { code: odd, message: odd, innererror: { [odd]: odd } },
      networkWatcher: odd,
      rerunOf: odd,
      setId: odd,
      sharedWith: { until: odd },
      callback: { origin: odd, status: odd, attempts: 1 },
      result: {
        connectionStatus: odd,
        hops: [
          { id: odd, type: odd, address: odd, resourceId: odd, nextHopIds: ['2', odd, 'none'] },
          { id: '2', type: odd, address: odd, resourceId: odd, nextHopIds: [odd] },
        ],
      },
      verdict: {
        ...{ summary: odd, reachability: 'Unreachable' },
        reasons: [{ code: odd, message: odd, action: odd, owner: odd, contact: odd, hop: odd }],
      },
    }));
    await page.reload();
    await page.locator('.reasons').waitFor();
    await page.getByText('Azure’s answer as it came').click();
    await page.getByText('The same in a shell').click();
    expect(await page.locator('.verdict').textContent()).toContain(String.raw`\u202e\u001b[31m`);
    expect(await page.locator('main').textContent()).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(await page.locator('main :is(img, script, iframe)').count()).toBe(0);
    for (const link of await page.locator('main a').all()) expect(await link.getAttribute('href')).toMatch(/^#\//);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await expectAccessible(page);
  });

  it('says what is wrong where a shortened id is of several checks, or of none', async () => {
    const page = await open('#/checks/00000000');
    await page.getByText('a shortened one stands for your own newest checks alone').waitFor();
    await page.route('**/api/checks/0000000f', (route) =>
      route.fulfill({
        status: 400,
        json: { error: { code: 'InvalidRequest', message: 'Several of your checks have an id that begins so.' } },
      }),
    );
    await page.goto(`${started.app.url}/#/checks/0000000f`);
    await page.getByText('Several of your checks have an id that begins so.').waitFor();
    await expectAccessible(page);
  });
});
