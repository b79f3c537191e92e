import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { connect } from '../../../src/storage/table/connect.ts';
import { tablePauses } from '../../../src/storage/checks/table-pauses.ts';
import { memoryPauses } from '../../support/memory/memory-storage.ts';
import { sampleProofs } from '../../support/sample-proofs.ts';

function azurite() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  return tablePauses(connections.table(`checks${randomUUID().replaceAll('-', '')}`), sampleProofs());
}

const at = (minutes: number): Date => new Date(Date.parse('2026-03-01T10:00:00Z') + minutes * 60_000);

describe.each([
  ['in memory', memoryPauses],
  ['on Azure Table storage', azurite],
])('pauses %s', (_name, create) => {
  it('are counted by the minute, once however many instances note them, within the time that is asked for', async () => {
    const pauses = create();
    expect(await pauses.secondsBetween(at(0), at(100))).toBe(0);
    await Promise.all([1, 2, 2, 2, 3, 50].map((minute) => pauses.note(at(minute))));
    expect(await pauses.secondsBetween(at(0), at(100))).toBe(240);
    expect(await pauses.secondsBetween(at(2), at(49))).toBe(120);
    expect(await pauses.secondsBetween(at(60), at(100))).toBe(0);
  });
});
