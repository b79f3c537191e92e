import { afterEach, expect, test } from 'vitest';
import { scriptedArm, type ScriptedAnswer, type ScriptedArm } from '../support/azure/scripted-arm.ts';
import { ids, testWatcher } from '../support/azure/test-watcher.ts';

const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
const list = `${subscription}/providers/Microsoft.Network/networkWatchers`;
const vm = `${subscription}/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/web-1`;
const watcherId = (name: string, group = 'watch') =>
  `${subscription}/resourceGroups/${group}/providers/Microsoft.Network/networkWatchers/${name}`;

const located = (location: unknown): ScriptedAnswer => ({ body: JSON.stringify({ name: 'web-1', location }) });
const listed = (value: unknown[], nextLink?: string): ScriptedAnswer => ({ body: JSON.stringify({ value, nextLink }) });
const north = { id: watcherId('north'), location: 'northregion' };
const south = { id: watcherId('south'), location: 'southregion' };

const servers: ScriptedArm[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function script(routes: Record<string, readonly ScriptedAnswer[]>): Promise<ScriptedArm> {
  const server = await scriptedArm(Object.entries(routes).map(([path, answers]) => ({ method: 'GET', path, answers })));
  servers.push(server);
  return server;
}

const asked = (arm: ScriptedArm) => arm.requests.map(({ url }) => url);

const sources = [
  'Microsoft.Compute/virtualMachines/web-1',
  'Microsoft.Compute/virtualMachineScaleSets/web/virtualMachines/0',
  'Microsoft.Network/bastionHosts/bastion',
  'Microsoft.Network/applicationGateways/gateway',
].map((path) => `${subscription}/resourceGroups/app/providers/${path}`);
test.each(sources)('The watcher of %s is the one in its region, ignoring case and blanks.', async (source) => {
  const arm = await script({
    [source]: [located('North Region')],
    [list]: [listed([south, { ...north, location: 'NorthRegion' }])],
  });
  expect(await testWatcher(arm.url).find(source, ids)).toEqual({ kind: 'found', networkWatcher: north.id });
  expect(asked(arm)).toEqual([`${source}?api-version=2023-09-01`, `${list}?api-version=2023-09-01`]);
  expect(
    arm.requests.every(({ hasToken, headers }) => hasToken && headers['x-ms-client-request-id'] === 'request-1'),
  ).toBe(true);
});

test('Further pages are read, and of several watchers the first by name is taken, whatever their order.', async () => {
  const a = { id: watcherId('a', 'zone'), location: 'northregion' };
  const b = { id: watcherId('b', 'area'), location: 'northregion' };
  for (const [first, second] of [
    [a, b],
    [b, a],
  ]) {
    const arm = await script({
      [vm]: [located('northregion')],
      [list]: [listed([first], '{arm}/page2?t=1')],
      '/page2?t=1': [listed([second], '')],
    });
    expect(await testWatcher(arm.url).find(vm, ids)).toEqual({ kind: 'found', networkWatcher: b.id });
  }
});

test('A list that never ends is read for ten pages.', async () => {
  const arm = await script({ [vm]: [located('northregion')], [list]: [listed([], `{arm}${list}`)] });
  expect(await testWatcher(arm.url).find(vm, ids)).toMatchObject({ kind: 'failed' });
  expect(asked(arm)).toHaveLength(11);
});

test('None in the region fails with a sentence that names region and subscription; it is asked again next time.', async () => {
  const odd = [
    null,
    7,
    { id: 7 },
    { id: vm, location: 'northregion' },
    { id: north.id.replace('1111', '9999'), location: 'northregion' },
    { id: `${north.id}/..`, location: 'northregion' },
  ];
  const arm = await script({ [vm]: [located('northregion')], [list]: [listed([south, ...odd]), listed([north])] });
  const watcher = testWatcher(arm.url);
  expect(await watcher.find(vm, ids)).toEqual({
    kind: 'failed',
    arm: { status: 200 },
    failure: {
      code: 'AzureFailed',
      message:
        'No network watcher was found in region northregion of subscription 11111111-2222-4333-8444-555555555555.',
      advice: {
        action: expect.stringMatching(/^Enable Network Watcher in that region; /) as string,
        owner: 'network team',
      },
    },
  });
  expect(await watcher.find(vm, ids)).toEqual({ kind: 'found', networkWatcher: north.id });
});

test('Both answers are kept for five minutes and no longer, also when the clock is set back.', async () => {
  const arm = await script({ [vm]: [located('northregion')], [list]: [listed([north])] });
  let now = new Date('2024-05-06T07:00:00Z');
  const watcher = testWatcher(arm.url, { now: () => now });
  const callsAt = async (time: string, source = vm) => {
    const before = arm.requests.length;
    now = new Date(time);
    expect(await watcher.find(source, ids)).toEqual({ kind: 'found', networkWatcher: north.id });
    return arm.requests.length - before;
  };
  expect(await callsAt('2024-05-06T07:00:00Z')).toBe(2);
  expect(await callsAt('2024-05-06T07:04:59.999Z', vm.replace('resourceGroups/app', 'resourcegroups/APP'))).toBe(0);
  expect(await callsAt('2024-05-06T07:05:00Z')).toBe(2);
  expect(await callsAt('2024-05-06T06:00:00Z')).toBe(2);
});

test('Fifty callers at once share one look-up.', async () => {
  const arm = await script({
    [vm]: [{ ...located('northregion'), afterMs: 30 }],
    [list]: [{ ...listed([north]), afterMs: 30 }],
  });
  const watcher = testWatcher(arm.url);
  const found = await Promise.all(Array.from({ length: 50 }, () => watcher.find(vm, ids)));
  expect(found).toEqual(found.map(() => ({ kind: 'found', networkWatcher: north.id })));
  expect(asked(arm)).toHaveLength(2);
});

test('A throttled look-up tells the status and the ids of the answer, whichever of the two it was.', async () => {
  const throttled: ScriptedAnswer = {
    status: 429,
    headers: { 'retry-after': '17', 'x-ms-request-id': 'arm-1', 'x-ms-correlation-request-id': 'correlation-1' },
  };
  const told = {
    kind: 'retry',
    afterSeconds: 17,
    arm: { status: 429, requestId: 'arm-1', correlationId: 'correlation-1' },
  };
  const source = await script({ [vm]: [throttled] });
  expect(await testWatcher(source.url).find(vm, ids)).toMatchObject(told);
  const watchers = await script({ [vm]: [located('northregion')], [list]: [throttled] });
  expect(await testWatcher(watchers.url).find(vm, ids)).toMatchObject(told);
});

test('Failures are not kept.', async () => {
  const arm = await script({
    [vm]: [{ status: 503, headers: { 'retry-after': '5' } }, located('northregion')],
    [list]: [{ fault: 'drop' }, listed([north])],
  });
  const watcher = testWatcher(arm.url);
  expect(await watcher.find(vm, ids)).toMatchObject({ kind: 'retry', afterSeconds: 5 });
  expect(await watcher.find(vm, ids)).toMatchObject({ kind: 'retry' });
  expect(await watcher.find(vm, ids)).toEqual({ kind: 'found', networkWatcher: north.id });
});

const error = (code: string) => JSON.stringify({ error: { code, message: ' ' } });
test.each<[string, ScriptedAnswer, object]>([
  [
    '404',
    { status: 404, body: error('ResourceNotFound') },
    {
      kind: 'retry',
      atMost: 2,
      afterSeconds: 3,
      failure: {
        code: 'AzureRefused',
        message: 'The source was not found (ResourceNotFound).',
        advice: { action: 'Check the resource id that you gave.', owner: 'requester' },
      },
    },
  ],
  ['403', { status: 403, body: error('AuthorizationFailed') }, { kind: 'failed', failure: { code: 'AzureRefused' } }],
  ['429', { status: 429, headers: { 'retry-after': '17' } }, { kind: 'retry', afterSeconds: 17 }],
  ['a source without a region', { body: '{"location":null}' }, { kind: 'retry', atMost: 4 }],
  ['no JSON', { body: '<html>' }, { kind: 'retry', atMost: 4 }],
])('The source that answers %s ends the look-up accordingly.', async (_, answer, expected) => {
  const arm = await script({ [vm]: [answer] });
  expect(await testWatcher(arm.url).find(vm, ids)).toMatchObject(expected);
  expect(asked(arm)).toHaveLength(1);
});

test.each<[string, ScriptedAnswer, object]>([
  [
    '404',
    { status: 404, body: error('SubscriptionNotFound') },
    { kind: 'retry', atMost: 2, failure: { code: 'AzureRefused' } },
  ],
  ['null', { body: 'null' }, { kind: 'retry', atMost: 4 }],
  ['a value that is no list', { body: '{"value":{}}' }, { kind: 'retry', atMost: 4 }],
])('A list that answers %s ends the look-up accordingly.', async (_, answer, expected) => {
  const arm = await script({ [vm]: [located('northregion')], [list]: [answer] });
  expect(await testWatcher(arm.url).find(vm, ids)).toMatchObject(expected);
});

test.each(['', 'vm', `${subscription}/resourceGroups/app/providers/Microsoft.Storage/storageAccounts/x`, `${vm}/../x`])(
  'A source %j is refused without a call.',
  async (source) => {
    const arm = await script({});
    expect(await testWatcher(arm.url).find(source, ids)).toMatchObject({
      kind: 'failed',
      failure: { code: 'InvalidRequest' },
    });
    expect(asked(arm)).toEqual([]);
  },
);
