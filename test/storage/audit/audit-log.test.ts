import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import type { AuditLog } from '../../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { toAuditRows } from '../../../src/storage/audit/audit-rows.ts';
import { tableAuditLog } from '../../../src/storage/audit/table-audit-log.ts';
import { azuriteAudit } from '../../support/azurite-audit.ts';
import { memoryAuditLog } from '../../support/memory/memory-storage.ts';
import { sampleCheck, sampleTime } from '../../support/samples.ts';

const noIdentity = () => {
  throw new Error('no identity is needed');
};

function azurite() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, noIdentity);
  const name = randomUUID().replaceAll('-', '');
  return tableAuditLog({ audit: connections.table(`audit${name}`), checks: connections.table(`checks${name}`) });
}

function event(changes: Partial<AuditEvent> = {}): AuditEvent {
  const { caller, decision } = sampleCheck();
  return {
    id: randomUUID(),
    time: sampleTime,
    action: 'requested',
    checkId: randomUUID(),
    requester: caller.requester,
    deputy: 'system-assigned',
    sourceAddress: '127.0.0.1',
    target: { source: 's', destination: 'd' },
    decision,
    requestId: 'r',
    ...changes,
  };
}

describe.each([
  ['in memory', memoryAuditLog],
  ['on Azure Table storage', azurite],
])('an audit log %s', (_name, create) => {
  it('keeps the first event of a place, and answers it to whoever comes second', async () => {
    const log = create();
    const first = event();
    const second = event({ checkId: first.checkId!, requestId: 'another' });
    expect(await log.append({ sequence: 1, event: first })).toEqual(first);
    expect(await log.append({ sequence: 1, event: second })).toEqual(first);
    expect(await log.append({ sequence: 2, event: second })).toEqual(second);
  });

  it('lets one of 16 racing writers of the same place win', async () => {
    const log = create();
    const checkId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => log.append({ sequence: 1, event: event({ checkId }) })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });

  it('keeps events without a check apart', async () => {
    const log = create();
    const [a, b] = [event({ checkId: undefined }), event({ checkId: undefined })];
    expect(await log.append({ sequence: 1, event: a })).toEqual(a);
    expect(await log.append({ sequence: 1, event: b })).toEqual(b);
  });
});

describe.each([
  ['in memory', memoryAuditLog],
  ['on Azure Table storage', azurite],
])('announcing an event %s', (_name, create: () => AuditLog) => {
  it('changes nothing where it came without a key', async () => {
    const log = create();
    const first = event();
    expect(await log.announce(first)).toMatchObject({ id: first.id, time: first.time });
    const later = event({ checkId: first.checkId!, time: '2026-03-02T10:00:00.000Z' });
    expect(await log.announce(later)).toMatchObject({ id: later.id, time: later.time });
  });

  it('gives all who race with one key the same id, time and fingerprint, also across midnight', async () => {
    const log = create();
    const checkId = randomUUID();
    const racers = Array.from({ length: 16 }, (_, i) => {
      const time = i % 2 === 0 ? '2026-03-01T23:59:59.999Z' : '2026-03-02T00:00:00.000Z';
      return event({ checkId, time, fingerprint: `f${i}` });
    });
    const won = await Promise.all(racers.map((racer) => log.announce(racer)));
    const [winner] = won;
    expect(racers.some(({ id, fingerprint }) => id === winner?.id && fingerprint === winner.fingerprint)).toBe(true);
    for (const each of won)
      expect({ id: each.id, time: each.time, fingerprint: each.fingerprint }).toEqual({
        id: winner?.id,
        time: winner?.time,
        fingerprint: winner?.fingerprint,
      });
    const { id, time } = winner!;
    const written = await Promise.all(
      racers.map((racer) => log.append({ sequence: 1, event: { ...racer, id, time, requestId: racer.id } })),
    );
    expect(new Set(written.map(({ requestId }) => requestId)).size).toBe(1);
  });
});

describe('an audit log on Azure Table storage', () => {
  it('answers no event of a row that was changed', async () => {
    const { log, tables } = azuriteAudit();
    const entry = { sequence: 1, event: event() };
    await log.append(entry);
    const [row] = toAuditRows(entry);
    await tables.audit.updateEntity({ ...row!, requester: 'mallory' }, 'Replace');
    await expect(log.append(entry)).rejects.toMatchObject({ code: 'AuditUnavailable' });
  });

  it('says that the audit is unavailable where nothing answers', async () => {
    const connectionString = inject('azurite').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    const connections = connect({ kind: 'connectionString', connectionString }, noIdentity);
    const log = tableAuditLog({ audit: connections.table('audit'), checks: connections.table('checks') });
    await expect(log.announce(event())).rejects.toMatchObject({ code: 'AuditUnavailable', retryAfterSeconds: 5 });
    await expect(log.append({ sequence: 1, event: event() })).rejects.toMatchObject({
      code: 'AuditUnavailable',
      retryAfterSeconds: 5,
    });
  });
});
