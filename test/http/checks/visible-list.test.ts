import { describe, expect, it } from 'vitest';
import { tableCheckList } from '../../../src/storage/checks/table-check-list.ts';
import { done, policyOf } from '../../support/memory/memory-proxy.ts';
import { azuriteApp } from '../azurite-app.ts';
import { sampleBody } from '../memory-app.ts';

const [shop, team, noHop, mine] = [1, 2, 3, 4].map((number) => `00000000-0000-4000-8000-00000000000${number}`);
const policy = policyOf([
  { id: 'shop', effect: 'allow', requesters: { groups: [shop] }, visibleTo: [team] },
  { id: 'mine', effect: 'allow', requesters: { groups: [mine] } },
  { id: 'no-hop', effect: 'deny', requesters: { groups: [noHop] }, destinations: ['10.9.0.0/16'] },
]);
const through = (address: string) => ({
  ...done,
  body: JSON.stringify({ hops: [{ type: 'VirtualAppliance', address }], connectionStatus: 'Reachable', probesSent: 1 }),
});
const alice = { groups: [shop!] };
const reader = { user: 'viktor', groups: [team!, noHop!] };

interface Page {
  readonly value: readonly { readonly id: string }[];
  readonly nextLink?: string;
}

/** An app in which the checks went through these addresses, one after the other, the oldest first. */
async function appWith(addresses: readonly string[]) {
  const app = azuriteApp({ begin: addresses.map(through) }, { policy });
  const ids: string[] = [];
  for (const [index] of addresses.entries()) {
    ids.push((await app.submit({ ...alice, body: { ...sampleBody, reason: `INC-${index}` } })).json.id);
    await app.drain();
    app.advance(60);
  }
  const page = async (query: string): Promise<Page> =>
    JSON.parse((await app.ask(`GET /api/checks?scope=visible&${query}`, reader)).text) as Page;
  return { app, ids, page };
}

describe('GET /api/checks?scope=visible', () => {
  it.each(['top=1', 'top=1&status=Succeeded', 'top=1&destination=10.1.2.4', 'top=1&reachability=Reachable', 'top=2'])(
    'pages by %s as if what policy hides were not there',
    async (query) => {
      const hidden = '10.9.0.1';
      const { ids, page } = await appWith([hidden, '10.8.0.1', hidden, hidden, '10.8.0.2', hidden]);
      const found: string[] = [];
      const texts: string[] = [];
      for (let link: string | undefined = query; link !== undefined;) {
        const { value, nextLink } = await page(link);
        texts.push(decodeURIComponent(nextLink ?? ''));
        found.push(...value.map(({ id }) => id));
        link = nextLink === undefined ? undefined : new URL(nextLink).search.slice(1).replace('scope=visible&', '');
      }
      expect(found).toEqual([ids[4], ids[1]]);
      // So many pages as without what is hidden, and none names it.
      expect(texts).toHaveLength(query === 'top=2' ? 1 : 2);
      for (const id of [0, 2, 3, 5].map((index) => ids[index] ?? '')) expect(texts.join()).not.toContain(id);
    },
  );

  it('is searched by a rule that is visible, though it is not about the reader, and by no other', async () => {
    const { app, ids, page } = await appWith(['10.8.0.1', '10.8.0.2']);
    expect((await page('rule=shop')).value.map(({ id }) => id)).toEqual(ids.toReversed());
    for (const rule of ['mine', 'no-hop']) {
      const answer = await app.ask(`GET /api/checks?scope=visible&rule=${rule}`, {
        ...reader,
        groups: [team!, noHop!, mine!],
      });
      expect([rule, answer.status, answer.text]).toEqual([rule, 400, expect.stringContaining('"target":"rule"')]);
    }
  });

  it('says of a check that is hidden nothing at all', async () => {
    const { page } = await appWith(['10.9.0.1', '10.9.0.2']);
    expect(await page('top=1&status=Succeeded')).toEqual({ value: [] });
  });

  it('ends a page that took too long at a time, and not at a check', async () => {
    const { app, ids } = await appWith(['10.9.0.1', '10.9.0.2', '10.9.0.3']);
    const list = tableCheckList({ checks: app.tables.checks, now: app.now });
    const looked: string[] = [];
    const seenAmong = (checks: readonly { readonly id: string }[]) => {
      looked.push(...checks.map(({ id }) => id));
      app.advance(6);
      return Promise.resolve([]);
    };
    const first = await list.seenPage({ ranUnder: ['shop'] }, seenAmong, 1);
    expect(first).toEqual({ checks: [], next: expect.stringMatching(/^\d{13}$/) as string });
    await list.seenPage({ ranUnder: ['shop'] }, seenAmong, 1, first.next);
    expect(new Set(looked)).toEqual(new Set(ids));
  });

  it('shows who reads by a group neither the check that was asked again nor that there is one', async () => {
    const { app, ids, page } = await appWith(['10.9.0.1']);
    const again = await app.ask(`POST /api/checks/${ids[0] ?? ''}/rerun`, alice);
    expect(again.text).toContain(ids[0]);
    const [seen] = (await page('top=1')).value;
    expect(seen?.id).toBe(again.json.id);
    expect(JSON.stringify(seen)).not.toContain(ids[0]);
    expect((await app.ask(`GET /api/checks/${again.json.id}`, reader)).text).not.toContain(ids[0]);
    expect((await app.ask(`GET /api/checks/${again.json.id}`, alice)).text).toContain(ids[0]);
  });
});
