import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../stand-ins/host/timer-listener.ts';
import { fixtureHosts, until } from './fixture-app.ts';

const hosts = fixtureHosts();
afterEach(() => hosts.stopAll());

describe('a schedule', () => {
  const after = new Date('2024-02-28T23:59:30.500Z');

  test.each([
    ['0 * * * * *', '2024-02-29T00:00:00.000Z'],
    ['*/15 * * * * *', '2024-02-28T23:59:45.000Z'],
    ['0 30 9 29 2 *', '2024-02-29T09:30:00.000Z'],
    ['0 0 0 * * Mon-Fri', '2024-02-29T00:00:00.000Z'],
    ['0 0 0 * Jan Sun', '2025-01-05T00:00:00.000Z'],
    // Day of month and day of week must both match: the next Friday the 13th.
    ['0 0 0 13 * Fri', '2024-09-13T00:00:00.000Z'],
  ])('%s is next due at %s', (expression, due) => {
    expect(parseSchedule(expression)(after)?.toISOString()).toBe(due);
  });

  test.each(['* * * * *', '* * * * * * *', '61 * * * * *', '%WHEN%', 'soon', ''])('refuses "%s"', (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  });
});

test('a timer runs at its times, and never beside itself', async () => {
  const { seen } = await hosts.start(`
    app.timer('slow', { schedule: '* * * * * *', handler: async (timer) => {
      seen.mostRunning = Math.max(seen.mostRunning, ++seen.running);
      seen.events.push({ at: Date.now(), timer });
      await new Promise((resolve) => setTimeout(resolve, 1300));
      seen.running -= 1;
    } });`);
  await until('three runs', () => seen.events.length === 3);
  const [first, second, third] = seen.events as {
    at: number;
    timer: { scheduleStatus: { last: string; next: string } };
  }[];
  expect(seen.mostRunning).toBe(1);
  for (const run of [second!, third!]) {
    const due = new Date(run.timer.scheduleStatus.next).getTime() - 1000;
    expect(run.at - due).toBeGreaterThanOrEqual(0);
    expect(run.at - due).toBeLessThan(500);
  }
  expect(first!.timer).toMatchObject({
    isPastDue: false,
    schedule: { adjustForDST: true },
    scheduleStatus: { last: '1970-01-01T00:00:00.000Z' },
  });
  expect(new Date(third!.timer.scheduleStatus.last).getTime()).toBe(
    new Date(second!.timer.scheduleStatus.next).getTime() - 1000,
  );
});

test('a timer that fails runs again at its next time', async () => {
  const { seen, lines } = await hosts.start(`
    app.timer('bad', { schedule: '* * * * * *', handler: () => { seen.events.push(1); throw new Error('no'); } });`);
  await until('two runs', () => seen.events.length === 2);
  expect(lines.map(({ level, message }) => [level, message])[0]).toEqual(['error', "Executed 'bad' (Failed)"]);
});

describe('a run that was missed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timers-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const code = `
    app.timer('hourly', { schedule: '0 0 * * * *', handler: (timer) => { seen.events.push([timer.isPastDue, timer.scheduleStatus]); } });`;
  const noon = Date.parse('2026-01-01T12:00:00Z');

  /** What the timer was told at a start at that time, and no more than that. */
  async function toldAt(minutes: number, timersFile: string | undefined): Promise<unknown[]> {
    const host = await hosts.start(code, { now: () => noon + minutes * 60_000, timersFile });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await host.stop();
    return host.seen.events;
  }

  test('is made up for at once at the next start, once', async () => {
    const file = join(folder, 'of/made-up/timers.json');
    expect(await toldAt(30, file)).toEqual([]);
    expect(await toldAt(50, file)).toEqual([]);
    const status = {
      ...{ last: '1970-01-01T00:00:00.000Z', lastUpdated: '1970-01-01T00:00:00.000Z' },
      next: '2026-01-01T14:00:00.000Z',
    };
    expect(await toldAt(61, file)).toEqual([[true, status]]);
    expect(await toldAt(62, file)).toEqual([]);
  });

  test('is not known without a file, nor at the first start', async () => {
    expect(await toldAt(30, undefined)).toEqual([]);
    expect(await toldAt(61, undefined)).toEqual([]);
    expect(await toldAt(61, join(folder, 'first.json'))).toEqual([]);
  });

  test('is not guessed from a file that is none', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{');
    await expect(toldAt(30, file)).rejects.toThrow(`${file} cannot be read: delete it, and the timers begin anew.`);
  });
});
