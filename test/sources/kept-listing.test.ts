import { expect, test } from 'vitest';
import type { Source } from '../../src/contract/answer/source.ts';
import { keepListing, type KeptListingDeps } from '../../src/sources/kept-listing.ts';
import type { Kept, Listing } from '../../src/sources/listing.ts';
import { createSourceStates } from '../../src/sources/source-states.ts';
import { within } from '../../src/azure-inventory/within.ts';
import { sampleTime, webVm } from '../support/samples.ts';

const ids = { clientRequestId: 'request-1' };
const a = '00000000-0000-4000-8000-00000000000a';

const web: Source = {
  name: 'web-01',
  kind: 'virtualMachine',
  resourceId: webVm,
  resourceGroup: 'rg-web',
  subscription: a,
  region: 'westeurope',
  ...{ state: 'running', agent: 'present', watcher: 'present' },
};

/** A listing on a clock of its own; `next` is what Azure says next. */
function kept(changes: Partial<KeptListingDeps> = {}, store: { kept?: Kept | undefined; fails?: boolean } = {}) {
  let now = Date.parse(sampleTime);
  const azure = { asked: 0, next: {} as Partial<Listing> };
  const warned: string[] = [];
  const deps: KeptListingDeps = {
    read: async () => {
      azure.asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { at: new Date(now).toISOString(), sources: [web], unreadable: [], ...azure.next };
    },
    store: {
      read: () => (store.fails ? Promise.reject(new Error('down')) : Promise.resolve(store.kept)),
      write: (each) => {
        if (store.fails) return Promise.reject(new Error('down'));
        store.kept = each;
        return Promise.resolve();
      },
    },
    named: { ids: [a], open: false },
    paused: false,
    now: () => new Date(now),
    warn: (message) => warned.push(message),
    ...changes,
  };
  const listing = keepListing(deps);
  return {
    ...listing,
    azure,
    store,
    warned,
    get: () => listing.get(ids),
    pass: (seconds: number) => (now += seconds * 1000),
    now: () => new Date(now),
  };
}

test('Twenty who ask at once share one look-up, which is kept for three minutes and no longer.', async () => {
  const list = kept();
  await Promise.all(Array.from({ length: 20 }, () => list.get()));
  expect(list.azure.asked).toBe(1);
  list.pass(179);
  await list.get();
  expect(list.azure.asked).toBe(1);
  list.pass(2);
  await list.get();
  expect(list.azure.asked).toBe(2);
  // A clock that was set back makes nothing live longer.
  list.pass(-600);
  await list.get();
  expect(list.azure.asked).toBe(3);
});

test('Another instance takes what this one has listed, but not what another policy has.', async () => {
  const one = kept();
  await one.get();
  const other = kept({}, one.store);
  expect((await other.get()).sources).toEqual([web]);
  expect(other.azure.asked).toBe(0);
  const stranger = kept({ named: { ids: [], open: true } }, one.store);
  await stranger.get();
  expect(stranger.azure.asked).toBe(1);
});

test('What could not be read for now is told as it was, and said to be unreadable; what is closed is told no more.', async () => {
  const list = kept();
  await list.get();
  list.pass(200);
  list.azure.next = { sources: [], unreadable: [{ subscription: a, code: 'NoAnswer' }] };
  expect(await list.get()).toMatchObject({ sources: [web], unreadable: [{ subscription: a, code: 'NoAnswer' }] });
  list.pass(31);
  list.azure.next = { sources: [], unreadable: [{ subscription: a, code: 'AuthorizationFailed' }] };
  expect(await list.get()).toMatchObject({ sources: [], unreadable: [{ code: 'AuthorizationFailed' }] });
});

test('What cannot be read again is told for an hour, however often it was tried meanwhile.', async () => {
  const list = kept();
  await list.get();
  list.azure.next = { sources: [], unreadable: [{ subscription: a, code: 'NoAnswer' }] };
  const toldAfter: number[] = [];
  for (let minutes = 4; minutes <= 72; minutes += 4) {
    list.pass(240);
    if ((await list.get()).sources.length > 0) toldAfter.push(minutes);
  }
  expect(toldAfter.at(-1)).toBe(56);
  expect(list.azure.asked).toBe(19);
});

test('Azure is not asked before the time that it told.', async () => {
  const list = kept();
  const notBefore = new Date(list.now().getTime() + 300_000).toISOString();
  list.azure.next = { sources: [], unreadable: [{ subscription: a, code: 'RateLimiting' }], notBefore };
  await list.get();
  list.pass(299);
  await list.get();
  expect(list.azure.asked).toBe(1);
  list.pass(2);
  await list.get();
  expect(list.azure.asked).toBe(2);
});

test('Storage that is down makes nobody wait for a list in vain.', async () => {
  const list = kept({}, { fails: true });
  expect((await list.get()).sources).toEqual([web]);
  expect(list.warned).toHaveLength(2);
});

test('While paused Azure is asked nothing: the list is as it is kept, however old, or it is said that nothing is.', async () => {
  const one = kept();
  await one.get();
  const paused = kept({ paused: true }, one.store);
  paused.pass(100_000);
  expect((await paused.get()).sources).toEqual([web]);
  const empty = kept({ paused: true, named: { ids: [a], open: true } });
  expect((await empty.get()).unreadable).toEqual([
    { subscription: a, code: 'Paused' },
    { subscription: '**', code: 'Paused' },
  ]);
  expect([paused.azure.asked, empty.azure.asked]).toEqual([0, 0]);
});

const off = { state: 'stopped', agent: 'present', watcher: 'present' } as const;

function states(listed: Source | undefined, live: () => Promise<typeof off | undefined>, paused = false) {
  let now = 0;
  const read = { count: 0 };
  const made = createSourceStates({
    listing: { recent: () => Promise.resolve(listed && { at: sampleTime, sources: [listed], unreadable: [] }) },
    readState: () => {
      read.count += 1;
      return live();
    },
    paused,
    now: () => new Date(now),
    within,
  });
  return { ...made, read, pass: (seconds: number) => (now += seconds * 1000) };
}

test('A source that is listed as well is believed without a call; one that is not is confirmed by one, for all who ask.', async () => {
  const well = states(web, () => Promise.resolve(off));
  expect(await well.soon(webVm.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'), ids)).toMatchObject({
    state: 'running',
  });
  expect(well.read.count).toBe(0);
  const ill = states({ ...web, agent: 'absent' }, () => Promise.resolve(off));
  const told = await Promise.all(Array.from({ length: 20 }, () => ill.soon(webVm, ids)));
  expect(told).toEqual(told.map(() => off));
  expect(ill.read.count).toBe(1);
  ill.pass(6);
  await ill.soon(webVm, ids);
  expect(ill.read.count).toBe(2);
});

test('What Azure does not confirm is unknown, never what the list says.', async () => {
  const silent = states({ ...web, state: 'stopped' }, () => Promise.resolve(undefined));
  expect(await silent.soon(webVm, ids)).toEqual({ state: 'unknown', agent: 'unknown', watcher: 'unknown' });
});

test('A slow Azure is waited for a second at most; what it then says is known to the next who asks.', async () => {
  const slow = states(undefined, () => new Promise((resolve) => setTimeout(resolve, 1500, off)));
  const begun = performance.now();
  expect(await slow.soon(webVm, ids)).toEqual({ state: 'unknown', agent: 'unknown', watcher: 'unknown' });
  expect(performance.now() - begun).toBeLessThan(1400);
  expect(await slow.now(webVm, ids)).toEqual(off);
  expect(slow.read.count).toBe(1);
});

test('While paused a state is as it is kept, and Azure is asked nothing.', async () => {
  const paused = states({ ...web, state: 'stopped' }, () => Promise.resolve(off), true);
  expect(await paused.soon(webVm, ids)).toMatchObject({ state: 'stopped' });
  expect(await paused.now(webVm, ids)).toMatchObject({ state: 'unknown' });
  expect(paused.read.count).toBe(0);
});

test('A list of a time that is still to come is passed over, and the log is told.', async () => {
  const one = kept();
  await one.get();
  const at = new Date(one.now().getTime() + 3_600_000).toISOString();
  const forged = { ...web, name: 'db-01' };
  const { scope } = one.store.kept!;
  const other = kept({}, { kept: { scope, listing: { at, sources: [forged], unreadable: [] } } });
  expect((await other.get()).sources).toEqual([web]);
  expect([other.azure.asked, other.warned.length]).toEqual([1, 1]);
});

test('A pause that Azure is said to have asked for ends after an hour, whatever it says.', async () => {
  const one = kept();
  one.azure.next = { notBefore: '2200-01-01T00:00:00.000Z' };
  await one.get();
  one.pass(3599);
  await one.get();
  expect(one.azure.asked).toBe(1);
  one.pass(2);
  await one.get();
  expect(one.azure.asked).toBe(2);
});
