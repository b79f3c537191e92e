import { afterEach, describe, expect, test } from 'vitest';
import { createPace } from '../../../stand-ins/arm/pace.ts';
import { world } from '../../../stand-ins/arm/scenarios/world.ts';
import { sourceNamed, startArm, watcherOf } from './arm-client.ts';

const web1 = sourceNamed('web-01');
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A simulator whose clock stands still until it is moved; the shortest of its times apply. */
async function startAt(speed: number) {
  let now = Date.UTC(2025, 0, 1);
  const arm = await startArm({ speed, now: () => now, random: () => 0 });
  stops.push(() => arm.arm.stop());
  const check = (address: string, port: number) =>
    arm.post(watcherOf(web1), { source: { resourceId: web1 }, destination: { address, port }, protocol: 'Tcp' });
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { ...arm, check, pass };
}

describe('at the speed of the real service', () => {
  test('the slowest check ends, with the wait for its last poll, within the longest wait that a client can ask for', () => {
    const { signal } = new AbortController();
    const slowest = createPace({ speed: 1, random: () => 1, signal });
    const seconds = world.pairs.map(({ outcome }) => slowest.duration(outcome) / 1000 + Number(slowest.seconds(10)));
    // Its steps take a few seconds, too.
    expect(Math.max(...seconds) + 5).toBeLessThanOrEqual(120);
  });

  test('a reachable destination is answered after 50 s, one poll every 10 s', async () => {
    const arm = await startAt(1);
    const accepted = await arm.check('10.1.2.4', 1433);
    expect(accepted.headers.get('retry-after')).toBe('10');
    arm.pass(49.9);
    const running = await arm.poll(accepted);
    expect([running.status, running.text, running.headers.get('retry-after')]).toEqual([202, 'null', '10']);
    arm.pass(0.1);
    expect((await arm.poll(running)).body.connectionStatus).toBe('Reachable');
  });

  test('an unreachable destination takes longer', async () => {
    const arm = await startAt(1);
    const accepted = await arm.check('10.99.0.1', 80);
    arm.pass(84.9);
    expect((await arm.poll(accepted)).status).toBe(202);
    arm.pass(0.1);
    expect((await arm.poll(accepted)).status).toBe(200);
  });

  test('a second check of the same source and destination is refused while the first runs, others are not', async () => {
    const arm = await startAt(1);
    const first = await arm.check('10.1.2.4', 1433);
    arm.pass(10);
    const second = await arm.check('10.1.2.4', 22);
    expect([second.status, second.body.error?.code]).toEqual([429, 'RetryableError']);
    const [detail] = second.body.error!.details;
    expect(detail?.code).toBe('RetryableErrorDueToAnotherOperation');
    expect(detail?.message).toContain(
      `Operation ConnectivityOperation (${first.headers.get('x-ms-request-id') ?? ''})`,
    );
    expect(detail?.message).toMatch(/ can be retried in 40 seconds\.$/);
    expect((await arm.check('10.1.2.5', 1433)).status).toBe(202);
    arm.pass(40);
    expect((await arm.check('10.1.2.4', 1433)).status).toBe(202);
  });
});

test('ten times as fast, waits are a tenth and headers still whole seconds', async () => {
  const arm = await startAt(10);
  const throttled = await arm.check('10.1.5.2', 443);
  expect(throttled.headers.get('retry-after')).toBe('2');
  const accepted = await arm.check('10.1.2.4', 1433);
  expect(accepted.headers.get('retry-after')).toBe('1');
  arm.pass(4.9);
  expect((await arm.poll(accepted)).status).toBe(202);
  arm.pass(0.1);
  expect((await arm.poll(accepted)).status).toBe(200);
});

test('a POST is held before its 202, but its operation runs already', async () => {
  const arm = await startArm({ speed: 100, random: () => 0.5 });
  stops.push(() => arm.arm.stop());
  const before = performance.now();
  const body = { source: { resourceId: web1 }, destination: { address: '10.1.2.4', port: 1433 } };
  const [first, second] = await Promise.all([arm.post(watcherOf(web1), body), arm.post(watcherOf(web1), body)]);
  // 10 s of the real service.
  expect(performance.now() - before).toBeGreaterThanOrEqual(99);
  expect([first.status, second.status].sort()).toEqual([202, 429]);
});
