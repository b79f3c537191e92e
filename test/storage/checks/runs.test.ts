import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { sha256 } from '../../../src/contract/sha256.ts';
import { tableRuns } from '../../../src/storage/checks/table-runs.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { memoryRuns } from '../../support/memory/memory-storage.ts';

function newTable() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  return connections.table(`checks${randomUUID().replaceAll('-', '')}`);
}

const newKey = (): string => sha256(randomUUID());
const newRun = () => ({ checkId: randomUUID(), at: new Date('2026-03-01T10:00:00.123Z') });

describe.each([
  ['in memory', memoryRuns],
  ['on Azure Table storage', () => tableRuns(newTable())],
])('notes of runs %s', (_name, create) => {
  it('are found as they were noted, each by its key', async () => {
    const runs = create();
    const [key, other, run] = [newKey(), newKey(), newRun()];
    expect(await runs.find(key)).toBeUndefined();
    expect(await runs.note(key, run)).toBe(true);
    expect((await runs.find(key))?.run).toEqual(run);
    expect(await runs.find(other)).toBeUndefined();
  });

  it('let one of many win who note the first, and one of many who take its place', async () => {
    const runs = create();
    const key = newKey();
    const race = async (version?: string): Promise<string | undefined> => {
      const all = Array.from({ length: 8 }, newRun);
      const isNoted = await Promise.all(all.map((run) => runs.note(key, run, version)));
      const winners = all.filter((_, i) => isNoted[i]);
      expect(winners).toHaveLength(1);
      const noted = await runs.find(key);
      expect(noted?.run).toEqual(winners[0]);
      return noted?.version;
    };
    await race(await race(await race()));
  });
});

it('a note that somebody else wrote is that of a run that is over long since, and is replaced', async () => {
  const [table, key] = [newTable(), newKey()];
  const runs = tableRuns(table);
  await runs.note(key, newRun());
  const place = { partitionKey: String(Number.parseInt(key.slice(-1), 16) % 4), rowKey: `run!${key}` };
  await table.updateEntity({ ...place, at: 'soon', checkId: 7 }, 'Replace');
  const noted = await runs.find(key);
  expect(noted?.run).toEqual({ checkId: '', at: new Date(0) });
  const run = newRun();
  expect(await runs.note(key, run, noted?.version)).toBe(true);
  expect((await runs.find(key))?.run).toEqual(run);
});
