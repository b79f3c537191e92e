import { afterEach, beforeEach, expect, test } from 'vitest';
import { startArmSimulator } from '../../../stand-ins/arm/start-arm-simulator.ts';
import { world } from '../../../stand-ins/arm/scenarios/world.ts';
import { sourceNamed, startArm, watcherOf } from './arm-client.ts';

type Arm = Awaited<ReturnType<typeof startArm>>;

const main = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const version = '?api-version=2023-09-01';
let arm: Arm;

beforeEach(async () => {
  arm = await startArm({ accepts: (token) => token === 'anything' });
});
afterEach(() => arm.arm.stop());

test('without an accepted bearer token every door is closed', async () => {
  const path = `${main}/providers/Microsoft.Network/networkWatchers${version}`;
  const answers = await Promise.all([
    arm.send(path, { headers: {} }),
    arm.send(path, { headers: { authorization: 'Basic anything' } }),
    arm.send(path, { headers: { authorization: 'Bearer other' } }),
    arm.send(path),
  ]);
  expect(answers.map(({ status, body }) => [status, body.error?.code])).toEqual([
    [401, 'AuthenticationFailed'],
    [401, 'AuthenticationFailed'],
    [401, 'InvalidAuthenticationToken'],
    [200, undefined],
  ]);
  expect(answers[0].headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(arm.arm.counters).toEqual({ checks: 0, polls: 0, reads: 4, unauthorized: 3 });
});

test('a request without api-version is refused', async () => {
  const { status, body } = await arm.send(sourceNamed('web-01'));
  expect([status, body.error?.code]).toEqual([400, 'MissingApiVersionParameter']);
});

test('an unknown subscription, group or resource is 404 in the words of ARM', async () => {
  const answers = await Promise.all(
    [
      '/subscriptions/00000000-0000-4000-8000-0000000000ff/providers/Microsoft.Network/networkWatchers',
      `${main}/resourceGroups/rg-none/providers/Microsoft.Compute/virtualMachines/web-01`,
      `${main}/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/none`,
      `${main}/providers/Microsoft.Compute/skus`,
    ].map((path) => arm.send(`${path}${version}`)),
  );
  expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
    [404, { code: 'SubscriptionNotFound', message: expect.stringContaining('0000000000ff') }],
    [404, { code: 'ResourceGroupNotFound', message: "Resource group 'rg-none' could not be found." }],
    [
      404,
      {
        code: 'ResourceNotFound',
        message: "The Resource 'Microsoft.Compute/virtualMachines/none' under resource group 'rg-shop' was not found.",
      },
    ],
    [404, { code: 'NotFound', message: expect.any(String) }],
  ]);
});

test('network watchers are listed by subscription, page by page', async () => {
  const first = await arm.send(`${main}/providers/Microsoft.Network/networkWatchers${version}`);
  const second = await arm.send(first.body.nextLink);
  expect(second.body).not.toHaveProperty('nextLink');
  const listed = [...first.body.value, ...second.body.value].map(({ id, location }) => ({ id, location }));
  expect(listed).toEqual(world.watchers.filter(({ id }) => id.startsWith(main)));
  expect(first.body.value).toHaveLength(2);
});

test('a source is shown with its location, and a machine with its agent extension', async () => {
  const shown = await Promise.all(world.resources.map(({ id }) => arm.send(`${id.toUpperCase()}${version}`)));
  expect(shown.map(({ body: { id, location } }) => ({ id, location }))).toEqual(
    world.resources.map(({ id, location }) => ({ id, location })),
  );
  const agents = shown.map(({ body }) => body.resources?.[0]?.properties);
  expect(agents).toEqual(
    world.resources.map(({ agent }) =>
      agent === undefined
        ? undefined
        : {
            provisioningState: 'Succeeded',
            publisher: 'Microsoft.Azure.NetworkWatcher',
            type: `NetworkWatcherAgent${agent}`,
          },
    ),
  );
});

test('the world has two subscriptions, three regions and about a dozen sources of every kind', () => {
  expect(new Set(world.resources.map(({ id }) => id.split('/')[2])).size).toBe(2);
  expect(new Set(world.resources.map(({ location }) => location.toLowerCase())).size).toBe(3);
  expect(new Set(world.resources.map(({ kind }) => kind)).size).toBe(4);
  expect(world.resources.length).toBeGreaterThan(11);
  expect(new Set(world.pairs.map(({ description }) => description)).size).toBe(world.pairs.length);
});

test('the headers are those of ARM: ids, and what is left of the rates', async () => {
  await arm.arm.stop();
  // What is left grows again with time.
  arm = await startArm({ now: () => 0 });
  const read = () => arm.send(`${sourceNamed('web-01')}${version}`);
  const answers = [await read(), await read()];
  const left = answers.map(({ headers }) => headers.get('x-ms-ratelimit-remaining-subscription-reads'));
  expect(left).toEqual(['249', '248']);
  const ids = answers.flatMap(({ headers }) => [
    headers.get('x-ms-request-id'),
    headers.get('x-ms-correlation-request-id'),
  ]);
  expect(new Set(ids).size).toBe(4);
  const posted = await arm.post(watcherOf(sourceNamed('web-01')), {});
  expect(posted.headers.get('x-ms-ratelimit-remaining-subscription-writes')).toBe('199');
});

test('the log names method, path and time, and holds no signature', async () => {
  const source = sourceNamed('web-01');
  const watcher = watcherOf(source);
  const destination = { address: '10.1.2.4', port: 1433 };
  await arm.poll(await arm.post(watcher, { source: { resourceId: source }, destination, protocol: 'Tcp' }));
  expect(arm.arm.requests).toEqual([
    { method: 'POST', path: `${watcher}/connectivityCheck`, at: expect.any(Number) },
    { method: 'GET', path: expect.stringMatching(/operationResults\/[0-9a-f-]{36}$/), at: expect.any(Number) },
  ]);
  expect(arm.arm.counters).toEqual({ checks: 1, polls: 1, reads: 0, unauthorized: 0 });
});

test('a body over 64 KiB is refused, and so is a method that is not served', async () => {
  const source = sourceNamed('web-01');
  const large = await arm.post(watcherOf(source), { filler: 'x'.repeat(70_000) });
  const deleted = await arm.send(`${source}${version}`, { method: 'DELETE' });
  expect([large.status, deleted.status]).toEqual([413, 405]);
});

test('one with the same key goes on with what another began; one with another key does not', async () => {
  const source = sourceNamed('web-01');
  const destination = { address: '10.1.4.4', port: 22 };
  const startAt = async (key: string, seconds: number) => {
    await arm.arm.stop();
    arm = await startArm({ key, speed: 1, random: () => 0, now: () => seconds * 1000 });
  };
  await startAt('kept', 0);
  const begun = await arm.post(watcherOf(source), { source: { resourceId: source }, destination, protocol: 'Tcp' });
  const { pathname, search } = new URL(begun.headers.get('location') ?? '');
  const poll = () => arm.send(`${pathname}${search}`);

  await startAt('kept', 49);
  expect((await poll()).status).toBe(202);
  await startAt('kept', 200);
  const ended = await poll();
  expect([ended.status, ended.body.connectionStatus]).toEqual([200, 'Unreachable']);
  expect(ended.headers.get('x-ms-request-id')).toBe(begun.headers.get('x-ms-request-id'));
  expect(ended.text).toContain('DenySshInbound');
  await startAt('another', 200);
  expect((await poll()).status).toBe(403);
});

test('it listens where it is told, refuses a speed that never ends a wait, and stops in the middle of a request', async () => {
  const port = Number(new URL(arm.arm.url).port);
  await expect(startArmSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(startArmSimulator({ speed: 0 })).rejects.toThrow(/speed above 0/);
  await arm.arm.stop();
  const slow = await startArm({ port, speed: 1, random: () => 0.9 });
  expect(slow.arm.url).toBe(`http://127.0.0.1:${port}`);
  const source = { resourceId: sourceNamed('web-01') };
  const held = slow.post(watcherOf(source.resourceId), { source, destination: { address: '10.1.2.4', port: 1433 } });
  const ended = expect(held).rejects.toThrow(/fetch failed/);
  while (slow.arm.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await slow.arm.stop();
  await ended;
});
