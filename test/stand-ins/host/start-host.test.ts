import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startAzurite, type Azurite } from '../../../stand-ins/storage/azurite.ts';
import { startHost } from '../../../stand-ins/host/start-host.ts';
import { fixtureHosts, until, writeApp } from './fixture-app.ts';

const hosts = fixtureHosts();
afterEach(() => hosts.stopAll());

describe('an app is refused that', () => {
  test.each([
    ['throws while it is loaded', `throw new Error('POLICY is missing: set it.');`, 'POLICY is missing: set it.'],
    ['registers nothing', ``, 'The app registered no function with @azure/functions.'],
    [
      'has an output binding',
      `const { output } = require('module').createRequire(process.cwd() + '/x')('@azure/functions');
       app.timer('t', { schedule: '0 * * * * *', extraOutputs: [output.storageQueue({ name: 'out', queueName: 'q', connection: 'c' })], handler: () => {} });`,
      'Function "t" has bindings that the local host does not run: "out" (queue)',
    ],
    [
      'has another trigger',
      `app.storageBlob('b', { path: 'x/{name}', connection: 'c', handler: () => {} });`,
      'Function "b" cannot be run by the local host',
    ],
    ['asks for keys', `app.http('h', { authLevel: 'function', handler: () => {} });`, 'use authLevel "anonymous"'],
    [
      'has its functions retried',
      `app.timer('t', { schedule: '0 * * * * *', retry: { strategy: 'fixedDelay', maxRetryCount: 1, delayInterval: 1 }, handler: () => {} });`,
      'leave `retry` out',
    ],
    [
      'has two functions of one name',
      `app.http('one', { handler: () => {} }); app.http('ONE', { route: 'x', handler: () => {} });`,
      'Function "one" is registered twice',
    ],
    ['has no such route here', `app.http('h', { route: '{a:int}', handler: () => {} });`, 'route segment "{a:int}"'],
    ['has a bad schedule', `app.timer('t', { schedule: 'soon', handler: () => {} });`, 'soon'],
    [
      'has a queue without a connection',
      `app.storageQueue('q', { queueName: 'q', connection: 'AzureWebJobsStorage', handler: () => {} });`,
      'set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__queueServiceUri',
    ],
    [
      'has a queue in another account',
      `app.storageQueue('q', { queueName: 'q', connection: 'Other', handler: () => {} });`,
      'name AzureWebJobsStorage',
    ],
    [
      'has a setting in the name of a queue',
      `app.storageQueue('q', { queueName: '%QUEUE%', connection: 'AzureWebJobsStorage', handler: () => {} });`,
      'write the name itself',
    ],
    [
      'has a timer that runs at the start',
      `app.timer('t', { schedule: '0 * * * * *', runOnStartup: true, handler: () => {} });`,
      'leave `runOnStartup` out',
    ],
    ['has a hook', `app.hook.preInvocation(() => {});`, 'The local host runs no hooks: leave "preInvocation" out.'],
  ])('%s', async (_what, code, message) => {
    await expect(hosts.start(code, { environment: {} })).rejects.toThrow(message);
  });

  test('has a host.json that says what cannot be', async () => {
    const queues = {
      batchSize: 33,
      messageEncoding: 'none',
      visibilityTimeout: '30',
      maxPollingInterval: '00:00:00.099',
    };
    const start = hosts.start('', {}, { extensions: { queues } });
    await expect(start).rejects.toThrow(
      /host\.json cannot be used:[^]*batchSize[^]*write hh:mm:ss[^]*under 00:00:00.1[^]*base64 alone/,
    );
  });

  test('would need a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const start = hosts.start(`app.http('h', { handler: () => {} });`, { port });
    await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
  });
});

test('without an extension bundle a queue’s function is in error, and HTTP and timers go on', async () => {
  const code = `
    app.storageQueue('work', { queueName: 'q', connection: 'AzureWebJobsStorage', handler: () => {} });
    app.timer('tick', { schedule: '* * * * * *', handler: () => { seen.events.push('tick'); } });
    app.http('h', { route: 'h', handler: () => ({ body: 'x' }) });`;
  const hostJson = { extensionBundle: undefined, extensions: { http: { routePrefix: '' } } };
  const { url, seen, lines } = await hosts.start(code, { environment: {} }, hostJson);
  expect(await (await fetch(`${url}/h`)).text()).toBe('x');
  await until('a tick', () => seen.events.length > 0);
  expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
    "The 'work' function is in error: The binding type(s) 'queueTrigger' are not registered. Please ensure the type is correct and the binding extension is installed.",
  ]);
});

test('a body limit that is no number is told', async () => {
  const environment = { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '512K' };
  const start = hosts.start(`app.http('h', { handler: () => {} });`, { environment });
  await expect(start).rejects.toThrow('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a whole number of bytes above 0.');
});

test('what a function logs carries its name and invocation', async () => {
  const { url, lines } = await hosts.start(
    `app.http('h', { handler: (request, context) => { context.warn('careful', 1); return { body: context.invocationId }; } });`,
    { newId: () => 'the-id', now: () => 5 },
  );
  expect(await (await fetch(`${url}/h`)).text()).toBe('the-id');
  expect(lines).toEqual([
    { level: 'warning', message: 'careful 1', function: 'h', invocationId: 'the-id' },
    { level: 'information', message: "Executed 'h' (Succeeded)", function: 'h', invocationId: 'the-id', durationMs: 0 },
  ]);
});

test('an app can be started again, and two beside each other, in one process', async () => {
  const code = `app.http('h', { handler: () => ({ body: String(seen.events.push('run')) }) });`;
  const first = await hosts.start(code);
  const second = await hosts.start(code);
  expect(await (await fetch(`${first.url}/h`)).text()).toBe('1');
  expect(await (await fetch(`${first.url}/h`)).text()).toBe('2');
  expect(await (await fetch(`${second.url}/h`)).text()).toBe('1');
});

describe('stop', () => {
  test('lets a request under way be answered, and takes no other', async () => {
    const code = `app.http('h', { handler: () => new Promise((resolve) => setTimeout(() => resolve({ body: 'done' }), 300)) });`;
    const host = await hosts.start(code);
    const answer = fetch(`${host.url}/h`).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 100));
    await host.stop();
    expect(await answer).toBe('done');
    await expect(fetch(`${host.url}/h`)).rejects.toThrow();
  });

  test('leaves behind what does not end in time, and says so', async () => {
    const host = await hosts.start(`app.http('h', { handler: () => new Promise(() => {}) });`, {
      limits: { stopWithinMs: 200 },
    });
    const answer = fetch(`${host.url}/h`);
    answer.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await host.stop();
    await expect(answer).rejects.toThrow();
    expect(host.lines.at(-1)?.message).toBe('Functions were still running after 0.2 s: they are left behind.');
  });
});

describe('a process', () => {
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite.stop());

  test('ends by itself after stop: no timer, socket or server is left, also of what ran too long', async () => {
    const folder = writeApp(`
      app.http('h', { handler: () => ({ body: 'x' }) });
      app.http('hangs', { handler: () => new Promise(() => {}) });
      app.timer('t', { schedule: '0 0 0 1 1 *', handler: () => {} });
      app.storageQueue('q', { queueName: 'work', connection: 'AzureWebJobsStorage', handler: () => new Promise(() => {}) });`);
    const host = new URL('../../../stand-ins/host/start-host.ts', import.meta.url).href;
    const script = `
      import { startHost } from ${JSON.stringify(host)};
      import { QueueServiceClient } from '@azure/storage-queue';
      const queue = QueueServiceClient.fromConnectionString(process.env.AzureWebJobsStorage).getQueueClient('work');
      await queue.create();
      await queue.sendMessage('eA==');
      const log = () => {};
      const { url, stop } = await startHost({ appFolder: process.env.FIXTURE, port: 0, log, limits: { stopWithinMs: 500 } });
      const text = await (await fetch(url + '/h')).text();
      fetch(url + '/hangs').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
      const before = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).length;
      await stop();
      await new Promise((resolve) => setTimeout(resolve, 50)); // A destroyed socket closes a moment later.
      const after = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name));
      process.stdout.write(JSON.stringify({ text, before: before > 0, after }));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, FIXTURE: folder, AzureWebJobsStorage: azurite.connectionString },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearTimeout(late);
    rmSync(folder, { recursive: true });
    expect([code, JSON.parse(output)]).toEqual([0, { text: 'x', before: true, after: [] }]);
  });
});

test('an app folder without a package.json or host.json is told by its path', async () => {
  const start = startHost({ appFolder: '/nowhere', port: 0, log: () => undefined });
  await expect(start).rejects.toThrow('/nowhere/host.json');
});
