import { afterEach, expect, test } from 'vitest';
import { createReadListing } from '../../src/azure-inventory/read-listing.ts';
import { createArm } from '../../src/network-watcher/arm.ts';
import { startArmSimulator } from '../../stand-ins/arm/start-arm-simulator.ts';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { scriptedArm, type ScriptedAnswer } from '../support/azure/scripted-arm.ts';

const a = '00000000-0000-4000-8000-00000000000a';
const b = '00000000-0000-4000-8000-00000000000b';
const c = '00000000-0000-4000-8000-00000000000c';
const graph = '/providers/Microsoft.ResourceGraph/resources';
const ids = { clientRequestId: 'request-1' };
const time = Date.parse('2026-03-01T10:00:00Z');

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** A reader on its own clock, which only waiting moves. */
function readerOn(url: string, subscriptions: readonly string[]) {
  let now = time;
  const waits: number[] = [];
  const arm = createArm({
    endpoint: new URL(url),
    getToken: () => Promise.resolve('token'),
    fetch,
    timeoutMs: 5000,
  });
  const read = createReadListing({
    arm,
    named: { ids: subscriptions, open: false },
    now: () => new Date(now),
    random: () => 0.5,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  });
  return { read: () => read(ids), waits, now: () => now };
}

async function scripted(answers: readonly ScriptedAnswer[], subscriptions = [a]) {
  const machines = `/subscriptions/${a}/providers/Microsoft.Compute/virtualMachines`;
  const arm = await scriptedArm([
    { method: 'POST', path: graph, answers },
    {
      method: 'GET',
      path: machines,
      answers: [{ status: 403, body: '{"error":{"code":"AuthorizationFailed","message":""}}' }],
    },
  ]);
  ends.push(() => arm.close());
  const queries = () => arm.requests.filter(({ method }) => method === 'POST');
  return { arm, queries, ...readerOn(arm.origin, subscriptions) };
}

const row = (name: string, more: object = {}) => ({
  id: `/subscriptions/${a}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`,
  type: 'Microsoft.Compute/virtualMachines',
  location: 'West Europe',
  power: 'PowerState/running',
  ...more,
});
const page = (rows: readonly unknown[], more: object = {}): ScriptedAnswer => ({
  body: JSON.stringify({
    totalRecords: 9,
    count: rows.length,
    facets: [],
    resultTruncated: 'false',
    data: rows,
    ...more,
  }),
});
const none = page([]);

test('Pages are read by their token, whatever the flag says; the text "true" without one means lost rows.', async () => {
  const whole = await scripted([
    page([row('one')], { $skipToken: 'next' }),
    page([row('two')], { $skipToken: '' }),
    none,
  ]);
  expect((await whole.read()).sources.map(({ name }) => name)).toEqual(['one', 'two']);
  const tokens = whole
    .queries()
    .map(({ body }) => (JSON.parse(body) as { options: { $skipToken?: string } }).options.$skipToken);
  expect(tokens).toEqual([undefined, 'next', undefined]);
  const lossy = await scripted([page([row('one')], { resultTruncated: 'true' })]);
  // Then the plain lists are asked, which this identity may not read.
  expect(await lossy.read()).toMatchObject({
    sources: [],
    unreadable: [{ subscription: a, code: 'AuthorizationFailed' }],
  });
});

test('Subscriptions, form and size of a page are always named, as JSON, and nothing of a caller’s is in a query.', async () => {
  const { read, queries } = await scripted([page([row('one')]), none], [a, b]);
  await read();
  for (const { headers, body } of queries()) {
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toMatchObject({
      subscriptions: [a, b],
      options: { resultFormat: 'objectArray', $top: 1000 },
    });
  }
  const texts = queries().map(({ body }) => (JSON.parse(body) as { query: string }).query);
  expect(
    texts.every(
      (text) => /\bproject id\b/.test(text) && /\border by id\b/.test(text) && !/\bjoin\b|\blimit\b/.test(text),
    ),
  ).toBe(true);
});

test('A refusal for too many queries is waited out as long as told, and a little more.', async () => {
  const throttled: ScriptedAnswer = {
    status: 429,
    headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:04', 'retry-after': '2' },
    body: '{"error":{"code":"RateLimiting","message":""}}',
  };
  const { read, waits, queries } = await scripted([throttled, page([row('one')]), none]);
  expect((await read()).sources).toHaveLength(1);
  expect([waits, queries().length]).toEqual([[4500], 3]);
});

test('After the last query of a quota nothing is sent until that is new.', async () => {
  const last = page([row('one')], { $skipToken: 'next' });
  const quota = { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:03' };
  const { read, waits } = await scripted([{ ...last, headers: quota }, page([row('two')]), none]);
  expect((await read()).sources).toHaveLength(2);
  expect(waits).toEqual([3500]);
});

test.each([{ 'retry-after': '60' }, { 'x-ms-retry-after-ms': '60000' }])(
  'What takes too long to wait for is told as unreadable, and not asked again before its time (%j).',
  async (headers) => {
    const throttled: ScriptedAnswer = { status: 429, headers, body: '{}' };
    const { read, waits, queries } = await scripted([throttled]);
    const listing = await read();
    expect(listing).toMatchObject({ sources: [], unreadable: [{ subscription: a, code: 'RateLimiting' }] });
    expect(listing.notBefore).toBe(new Date(time + 60_000).toISOString());
    await read();
    expect([waits, queries().length]).toEqual([[], 1]);
  },
);

test('Machines, extensions and interfaces meet by their ids in any letter case; odd rows are left out.', async () => {
  const id = row('one').id;
  const { read } = await scripted([
    page([
      row('one'),
      row('two', { power: '' }),
      row('old-gateway', {
        id: `/subscriptions/${a}/resourceGroups/rg/providers/Microsoft.Network/applicationGateways/old`,
        type: 'microsoft.network/applicationgateways',
        tier: 'Standard',
      }),
      {
        ...row('x'),
        id: `${id.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/')}/extensions/any`,
        type: 'microsoft.compute/virtualmachines/extensions',
        extension: 'NetworkWatcherAgentLinux',
      },
      {
        ...row('x'),
        id: `${id.replace('one', 'two')}/extensions/other`,
        type: 'microsoft.compute/virtualmachines/extensions',
        extension: 'CustomScript',
      },
      {
        ...row('x'),
        id: 'nic',
        type: 'microsoft.network/networkinterfaces',
        machine: id.toUpperCase(),
        configurations: [
          { properties: { privateIPAddress: '10.0.0.4' } },
          null,
          { properties: { privateIPAddress: '10.0.0.5' } },
        ],
      },
      null,
      7,
      { id: 8 },
      row('nowhere', { location: null }),
      row('bad/../name'),
    ]),
    none,
  ]);
  const told = (await read()).sources.map(({ name, region, state, agent, watcher, addresses }) => [
    name,
    region,
    state,
    agent,
    watcher,
    addresses,
  ]);
  expect(told).toEqual([
    ['one', 'westeurope', 'running', 'present', 'absent', ['10.0.0.4', '10.0.0.5']],
    ['two', 'westeurope', 'unknown', 'absent', 'absent', undefined],
  ]);
});

test('Of several subscriptions, the one of which nothing is said is looked at by itself.', async () => {
  const arm = await startArmSimulator({ speed: Infinity });
  ends.push(() => arm.stop());
  const { read } = readerOn(arm.url, [a, b, c]);
  const { sources, unreadable } = await read();
  expect(sources.map(({ resourceId }) => resourceId).toSorted()).toEqual(
    Object.values(resources)
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(unreadable).toEqual([{ subscription: c, code: 'AuthorizationFailed' }]);
});

test('The simulator’s own quota is kept, however often the list is read.', async () => {
  let clock = () => time;
  const arm = await startArmSimulator({ speed: Infinity, now: () => clock() });
  ends.push(() => arm.stop());
  const { read, waits, now } = readerOn(arm.url, [a, b]);
  clock = now;
  for (let i = 0; i < 4; i++) {
    const listing = await read();
    expect([listing.unreadable, listing.sources.length]).toEqual([[], Object.values(resources).length]);
  }
  expect(waits.length).toBeGreaterThan(0);
});
