import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import type { AuditLog } from '../../../src/audit/audit-log.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { toAuditRows } from '../../../src/storage/audit/audit-rows.ts';
import { tableAuditLog } from '../../../src/storage/audit/table-audit-log.ts';
import { azuriteAudit, sampleEvent } from '../../support/azurite-audit.ts';
import { memoryAuditLog } from '../../support/memory/memory-storage.ts';
import { sampleProofs } from '../../support/sample-proofs.ts';

const noIdentity = () => {
  throw new Error('no identity is needed');
};

const azurite = () => azuriteAudit().log;

describe.each([
  ['in memory', memoryAuditLog],
  ['on Azure Table storage', azurite],
])('an audit log %s', (_name, create) => {
  it('keeps the first event of a place, and answers it to whoever comes second', async () => {
    const log = create();
    const first = sampleEvent();
    const second = sampleEvent({ checkId: first.checkId!, requestId: 'another' });
    expect(await log.append({ sequence: 1, event: first })).toEqual(first);
    expect(await log.append({ sequence: 1, event: second })).toEqual(first);
    expect(await log.append({ sequence: 2, event: second })).toEqual(second);
  });

  it('lets one of 16 racing writers of the same place win', async () => {
    const log = create();
    const checkId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => log.append({ sequence: 1, event: sampleEvent({ checkId }) })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });

  it('keeps events without a check apart', async () => {
    const log = create();
    const [a, b] = [sampleEvent({ checkId: undefined }), sampleEvent({ checkId: undefined })];
    expect(await log.append({ sequence: 1, event: a })).toEqual(a);
    expect(await log.append({ sequence: 1, event: b })).toEqual(b);
  });
});

describe.each([
  ['in memory', memoryAuditLog],
  ['on Azure Table storage', azurite],
])('recording a first event %s', (_name, create: () => AuditLog) => {
  it('keeps the first of its subject where it came without a key', async () => {
    const log = create();
    const first = sampleEvent();
    expect(await log.record(first)).toEqual(first);
    expect(await log.append({ sequence: 1, event: sampleEvent({ checkId: first.checkId! }) })).toEqual(first);
  });

  it('gives all who race with one key the same event, also across midnight', async () => {
    const log = create();
    const checkId = randomUUID();
    const racers = Array.from({ length: 16 }, (_, i) => {
      const time = i % 2 === 0 ? '2026-03-01T23:59:59.999Z' : '2026-03-02T00:00:00.000Z';
      return sampleEvent({ checkId, time, fingerprint: 'f', requestId: `r${i}` });
    });
    const written = await Promise.all(racers.map((racer) => log.record(racer)));
    expect(new Set(written.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(racers.map(({ id }) => id)).toContain(written[0]!.id);
  });

  it('writes nothing for another request of the same key, and tells whose it is', async () => {
    const log = create();
    const first = sampleEvent({ fingerprint: 'one' });
    await log.record(first);
    const other = await log.record(sampleEvent({ checkId: first.checkId!, fingerprint: 'two' }));
    expect(other.fingerprint).toBe('one');
    expect(await log.append({ sequence: 1, event: first })).toEqual(first);
  });
});

describe('an audit log on Azure Table storage', () => {
  it('keeps no check waiting for a row that was changed: it stays, for verification to name it', async () => {
    const { log, tables } = azuriteAudit();
    const entry = { sequence: 1, event: sampleEvent() };
    await log.append(entry);
    const [row] = toAuditRows(entry);
    await tables.audit.updateEntity({ ...row!, more: 'mallory' }, 'Replace');
    expect(await log.append(entry)).toEqual(entry.event);
    const kept = await tables.audit.getEntity(row!.partitionKey, row!.rowKey);
    expect(kept['more']).toBe('mallory');
  });

  it('keeps no check waiting for a row that somebody put in the place of a pointer', async () => {
    const { log, tables } = azuriteAudit();
    const entry = { sequence: 1, event: sampleEvent() };
    const [own, stray, ...others] = toAuditRows(entry);
    await tables.audit.createTable();
    await tables.audit.createEntity({ ...stray!, action: 'mallory' });
    expect(await log.append(entry)).toEqual(entry.event);
    const keys: string[] = [];
    for await (const { rowKey } of tables.audit.listEntities()) keys.push(rowKey!);
    expect(keys.toSorted()).toEqual([own, stray, ...others].map((row) => row!.rowKey).toSorted());
    expect((await tables.audit.getEntity(stray!.partitionKey, stray!.rowKey))['action']).toBe('mallory');
  });

  it('says that the audit is unavailable where nothing answers', async () => {
    const connectionString = inject('azurite').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    const connections = connect({ kind: 'connectionString', connectionString }, noIdentity);
    const tables = { audit: connections.table('audit'), checks: connections.table('checks') };
    const log = tableAuditLog({ ...tables, proofs: sampleProofs() });
    await expect(log.record(sampleEvent())).rejects.toMatchObject({ code: 'AuditUnavailable', retryAfterSeconds: 5 });
    await expect(log.append({ sequence: 1, event: sampleEvent() })).rejects.toMatchObject({
      code: 'AuditUnavailable',
      retryAfterSeconds: 5,
    });
  });
});
