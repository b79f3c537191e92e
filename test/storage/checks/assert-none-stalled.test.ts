import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { sweep } from '../../../src/check/sweep.ts';
import { assertNoneStalled } from '../../../src/storage/checks/assert-none-stalled.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableOverdueChecks } from '../../../src/storage/checks/table-overdue-checks.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { memoryCheckQueue, memoryPauses } from '../../support/memory/memory-storage.ts';
import { sampleCheck, sampleTime } from '../../support/samples.ts';

const later = (seconds: number): Date => new Date(Date.parse(sampleTime) + seconds * 1000);

function setUp() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  const table = connections.table(`checks${randomUUID().replaceAll('-', '')}`);
  const store = tableCheckStore(table, randomUUID);
  const overdue = tableOverdueChecks(table);
  const sweepAt = (seconds: number) =>
    sweep({ overdue, queue: memoryCheckQueue(), paused: false, pauses: memoryPauses(), now: () => later(seconds) });
  return { store, sweepAt, ask: (seconds: number) => assertNoneStalled(table, later(seconds)) };
}

describe('a check that is due and that no step moves', () => {
  it('is told after five minutes, by its id, and no sooner', async () => {
    const { store, ask } = setUp();
    await ask(1000);
    const check = sampleCheck({ id: randomUUID() });
    await store.insert(check);
    await ask(300);
    await expect(ask(301)).rejects.toThrow(`Check ${check.id} has been due for five minutes, and no step was taken.`);
  });

  it('is told although the sweeper wakes it all the time, until a step moves it', async () => {
    const { store, sweepAt, ask } = setUp();
    const check = sampleCheck({ id: randomUUID() });
    await store.insert(check);
    for (let minute = 1; minute <= 5; minute++) await sweepAt(minute * 60);
    await ask(300);
    await expect(ask(301)).rejects.toThrow(check.id);
    await store.replace((await store.find(check.id))!, { ...check, dueAt: later(3600).toISOString() });
    await ask(3900);
    await expect(ask(3901)).rejects.toThrow(check.id);
  });
});
