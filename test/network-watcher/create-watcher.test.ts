import { createServer } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { Answer } from '../../src/check/ports/network-watcher.ts';
import {
  scriptedArm,
  type RecordedRequest,
  type ScriptedAnswer,
  type ScriptedArm,
} from '../support/azure/scripted-arm.ts';
import { canaryToken, ids, testWatcher } from '../support/azure/test-watcher.ts';

const networkWatcher =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/watch/providers/Microsoft.Network/networkWatchers/north';
const post = `${networkWatcher}/connectivityCheck`;
const source =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/web-1';
const parameters = { source: { resourceId: source }, destination: { address: '10.9.0.4', port: 443 } };

const servers: ScriptedArm[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function script(...routes: [method: string, path: string, ...answers: ScriptedAnswer[]][]): Promise<ScriptedArm> {
  const server = await scriptedArm(routes.map(([method, path, ...answers]) => ({ method, path, answers })));
  servers.push(server);
  return server;
}

const seen = (requests: readonly RecordedRequest[]) => requests.map(({ method, url }) => `${method} ${url}`);

test('The POST goes to the watcher with the parameters, a token, the ids and the pinned API version.', async () => {
  const arm = await script([
    'POST',
    post,
    { status: 202, body: 'null', headers: { location: '{arm}/op?t=1', 'retry-after': '10', 'x-ms-request-id': 'op' } },
  ]);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const answer = await testWatcher(arm.url).begin(networkWatcher, parameters, { ...ids, traceparent });
  expect(answer).toEqual({
    arm: { status: 202, requestId: 'op' },
    kind: 'running',
    operationUrl: `${arm.origin}/op?t=1`,
    afterSeconds: 10,
  });
  const [request] = arm.requests;
  expect(seen(arm.requests)).toEqual([`POST ${post}?api-version=2023-09-01`]);
  expect(JSON.parse(request?.body ?? '')).toEqual(parameters);
  expect(request?.headers).toMatchObject({
    authorization: `Bearer ${canaryToken}`,
    accept: 'application/json',
    'content-type': 'application/json',
    'x-ms-client-request-id': 'request-1',
    traceparent,
  });
});

test('A watcher whose name is not ASCII is asked under its escaped path.', async () => {
  const arm = await script(['POST', `${encodeURI(networkWatcher)}%C3%A4/connectivityCheck`, { status: 503 }]);
  expect(await testWatcher(arm.url).begin(`${networkWatcher}ä`, parameters, ids)).toMatchObject({
    kind: 'retry',
    arm: { status: 503 },
  });
});

test.each(['', '/', source, `${networkWatcher}/../../x`, `${networkWatcher}?x=1`, 'https://evil.example/'])(
  'A network watcher %j is refused without a call.',
  async (id) => {
    const arm = await script();
    expect(await testWatcher(arm.url).begin(id, parameters, ids)).toMatchObject({
      kind: 'failed',
      failure: { code: 'InvalidRequest' },
    });
    expect(arm.requests).toEqual([]);
  },
);

test('No token ever reaches another server: by redirect, by Location, by next link, or by a stored URL.', async () => {
  const trap = await script();
  const arm = await script(
    [
      'POST',
      post,
      { status: 307, headers: { location: `${trap.origin}/a` } },
      { status: 202, headers: { location: `${trap.origin}/b` } },
    ],
    [
      'GET',
      '/op',
      { status: 302, headers: { location: `${trap.origin}/c` } },
      { status: 202, headers: { location: `${trap.origin}/d` } },
    ],
    ['GET', source, { body: '{"location":"north"}' }],
    [
      'GET',
      networkWatcher.slice(0, 52) + '/providers/Microsoft.Network/networkWatchers',
      { body: JSON.stringify({ value: [], nextLink: `${trap.origin}/e` }) },
    ],
  );
  const watcher = testWatcher(arm.url);
  const answers: { kind: string }[] = [];
  for (let turn = 0; turn < 2; turn += 1) answers.push(await watcher.begin(networkWatcher, parameters, ids));
  for (let turn = 0; turn < 2; turn += 1) answers.push(await watcher.poll(`${arm.origin}/op`, ids));
  answers.push(await watcher.find(source, ids));
  for (const url of [
    trap.origin,
    `${arm.origin.replace('//', '//x@')}/op`,
    `${trap.origin}\\@${arm.url.host}/`,
    'op',
    '',
  ]) {
    answers.push(await watcher.poll(url, ids));
  }
  // A poll's 202 that leads elsewhere is followed where it was asked.
  const goesOn = { kind: 'running', operationUrl: `${arm.origin}/op` };
  expect(answers[3]).toMatchObject(goesOn);
  expect(answers.toSpliced(3, 1).map(({ kind }) => kind)).toEqual(Array(9).fill('failed'));
  expect(arm.requests).toHaveLength(6);
  expect(arm.requests.every(({ hasToken }) => hasToken)).toBe(true);
  expect(trap.requests).toEqual([]);
  expect(JSON.stringify(answers)).not.toContain(canaryToken);
});

const silences: [string, ScriptedAnswer][] = [
  ['a connection that is closed', { fault: 'drop' }],
  ['an answer that never comes', { fault: 'hang' }],
  ['a body that breaks off', { headers: { 'content-length': '100' }, body: '{"connectionStatus":' }],
];
test.each(silences)('After %s the call is tried again until the deadline.', async (_, fault) => {
  const arm = await script(['GET', '/op', fault]);
  const answer = await testWatcher(arm.url, { timeoutMs: 300 }).poll(`${arm.origin}/op`, ids);
  expect(answer).toMatchObject({ kind: 'retry', arm: {}, failure: { code: 'AzureFailed' } });
  expect(answer).not.toHaveProperty('atMost');
});

test('A server that is not there is told by the word of the system.', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  server.close();
  await once(server, 'close');
  const origin = `http://127.0.0.1:${String(port)}`;
  const answer = await testWatcher(new URL(origin)).poll(`${origin}/op`, ids);
  expect(answer).toMatchObject({
    kind: 'retry',
    failure: { message: expect.stringContaining('did not answer (ECONNREFUSED)') as string },
  });
});

const tokenFaults: [string, (signal: AbortSignal) => Promise<string>][] = [
  ['fails', () => Promise.reject(new Error(`secret ${canaryToken}`))],
  [
    'throws',
    () => {
      throw new Error(canaryToken);
    },
  ],
  ['gives a token that no header can carry', () => Promise.resolve(`${canaryToken}\r\nx: 1`)],
  ['gives an empty token', () => Promise.resolve('')],
  ['never answers and ignores the signal', () => new Promise(() => undefined)],
];
test.each(tokenFaults)(
  'An identity endpoint that %s means a retry without a call, and no token in it.',
  async (_, getToken) => {
    const arm = await script();
    const answer: Answer = await testWatcher(arm.url, { getToken, timeoutMs: 200 }).begin(
      networkWatcher,
      parameters,
      ids,
    );
    expect(answer).toMatchObject({ kind: 'retry', arm: {}, failure: { code: 'AzureFailed' } });
    expect(JSON.stringify(answer)).not.toContain(canaryToken);
    expect(arm.requests).toEqual([]);
  },
);

test('Ids that HTTP cannot carry are left out of the call and do not stop it.', async () => {
  const arm = await script(['GET', '/op', { body: '{}' }]);
  const answer = await testWatcher(arm.url).poll(`${arm.origin}/op`, { clientRequestId: 'ä\n', traceparent: 'x y' });
  expect(answer.kind).toBe('done');
  expect(arm.requests[0]?.headers).not.toHaveProperty('x-ms-client-request-id');
  expect(arm.requests[0]?.headers).not.toHaveProperty('traceparent');
});

const LIMIT = 16 * 1024 * 1024;
const resultOf = (bytes: number) => `{"hops":[],"pad":"${'x'.repeat(bytes - 20)}"}`;

test('A result of 16 MiB is kept whole; one byte more, or a small packet that unpacks to it, is ResultTooLarge.', async () => {
  const most = resultOf(LIMIT);
  expect(Buffer.byteLength(most)).toBe(LIMIT);
  const packed = gzipSync(resultOf(4 * LIMIT));
  const arm = await script(
    ['GET', '/most', { body: most }],
    ['GET', '/more', { body: resultOf(LIMIT + 1) }],
    ['GET', '/packed', { body: packed, headers: { 'content-encoding': 'gzip' } }],
  );
  const watcher = testWatcher(arm.url);
  const kept = await watcher.poll(`${arm.origin}/most`, ids);
  expect(kept.kind === 'done' && kept.body === most).toBe(true);
  for (const path of ['more', 'packed']) {
    expect(await watcher.poll(`${arm.origin}/${path}`, ids)).toMatchObject({
      kind: 'failed',
      arm: { status: 200 },
      failure: { code: 'ResultTooLarge' },
    });
  }
});

test('A body without an end is given up at the limit.', async () => {
  const arm = await script(
    ['GET', '/result', { fault: 'endless' }],
    ['GET', '/page', { status: 503, fault: 'endless' }],
  );
  const watcher = testWatcher(arm.url);
  expect(await watcher.poll(`${arm.origin}/result`, ids)).toMatchObject({
    kind: 'failed',
    failure: { code: 'ResultTooLarge' },
  });
  expect(await watcher.poll(`${arm.origin}/page`, ids)).toMatchObject({
    kind: 'retry',
    failure: { answer: { status: 503, body: 'x'.repeat(32 * 1024) } },
  });
});

test('An error page of any size is read up to 32 KiB and decided by its status.', async () => {
  const arm = await script(['GET', '/op', { status: 503, body: '<'.repeat(100_000) }]);
  const answer = await testWatcher(arm.url).poll(`${arm.origin}/op`, ids);
  expect(answer).toMatchObject({ kind: 'retry', failure: { answer: { status: 503, body: '<'.repeat(32 * 1024) } } });
});
