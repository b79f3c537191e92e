import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { connect } from '../../src/storage/connect.ts';
import { tableAuditLog } from '../../src/storage/table-audit-log.ts';
import { memoryAuditLog } from '../support/memory-storage.ts';
import { sampleCheck, sampleTime } from '../support/samples.ts';

const noIdentity = () => {
  throw new Error('no identity is needed');
};

function azurite() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, noIdentity);
  return tableAuditLog(connections.table(`audit${randomUUID().replaceAll('-', '')}`));
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

describe('an audit log on Azure Table storage', () => {
  it('says that the audit is unavailable where nothing answers', async () => {
    const connectionString = inject('azurite').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    const log = tableAuditLog(connect({ kind: 'connectionString', connectionString }, noIdentity).table('audit'));
    await expect(log.append({ sequence: 1, event: event() })).rejects.toMatchObject({
      code: 'AuditUnavailable',
      retryAfterSeconds: 5,
    });
  });
});
