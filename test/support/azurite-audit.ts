import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { type SigningKey, parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { blobCheckpoints } from '../../src/storage/audit/blob-checkpoints.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import { createWhereMissing } from '../../src/storage/table/create-where-missing.ts';
import { rowProofs } from '../../src/storage/guards/row-proofs.ts';
import { connect } from '../../src/storage/table/connect.ts';
import { tableAuditHistory } from '../../src/storage/audit/table-audit-history.ts';
import { tableAuditLog } from '../../src/storage/audit/table-audit-log.ts';
import { tableAuditRows } from '../../src/storage/audit/table-audit-rows.ts';
import { tableSealState } from '../../src/storage/audit/table-seal-state.ts';
import { newSigningKey } from './new-signing-key.ts';
import { sampleCaller, sampleCheck, sampleTime } from './samples.ts';

interface Options {
  readonly connectionString?: string;
  /** Tables and container of another audit. */
  readonly name?: string;
  readonly now?: () => Date;
  readonly signingKey?: SigningKey;
}

/** The audit on real tables and blobs of its own. */
export function azuriteAudit(options: Options = {}) {
  const {
    connectionString = inject('azurite'),
    name = randomUUID().replaceAll('-', ''),
    now = () => new Date(),
  } = options;
  const connections = connect({ kind: 'connectionString', connectionString }, () => {
    throw new Error('no identity is needed');
  });
  const tables = { audit: connections.table(`audit${name}`), checks: connections.table(`checks${name}`) };
  const container = connections.container(`audit-${name}`);
  const signingKey = options.signingKey ?? parseSigningKey(newSigningKey())!;
  const passedOver: string[] = [];
  const proofs = rowProofs(signingKey, (cause) => passedOver.push(cause));
  return {
    ...{ name, tables, container, signingKey, signatures: signingKey, now, newId: () => randomUUID() },
    proofs,
    /** What of the table `checks` was passed over. */
    passedOver,
    log: tableAuditLog({ ...tables, proofs }),
    history: tableAuditHistory({ ...tables, now }),
    auditRows: tableAuditRows(tables.audit),
    // Storage's clock is the test's.
    sealState: { ...tableSealState(tables), clock: () => Promise.resolve(now()) },
    checkpoints: blobCheckpoints(container),
  };
}
export type AzuriteAudit = ReturnType<typeof azuriteAudit>;

export function sampleEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
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

export const requesterOf = (name: string) => sampleCaller(name).requester;
export const requesterIdOf = (name: string): string => requesterOf(name).id;

/** Announces and writes an event, as the app does: a check's first one by itself, the others with its row. */
export async function write({ log, tables }: AzuriteAudit, event: AuditEvent, sequence = 1): Promise<void> {
  await announce({ tables }, event, sequence);
  await log.append({ sequence, event });
}

export async function announce(
  { tables }: Pick<AzuriteAudit, 'tables'>,
  event: AuditEvent,
  sequence = 1,
): Promise<void> {
  await createWhereMissing(
    () => tables.checks.createTable(),
    () => tables.checks.upsertEntity(sealMarkerOf({ sequence, event }), 'Replace'),
  );
}

/** Makes a checkpoint by that clock, which storage shares. */
export const sealAt = (audit: AzuriteAudit, now: Date) =>
  seal({ ...audit, now: () => now, sealState: { ...audit.sealState, clock: () => Promise.resolve(now) } });

/** The same at the event's time, when a checkpoint is made, too: nothing that is not covered in time is proven. */
export async function writeInTime(audit: AzuriteAudit, event: AuditEvent): Promise<void> {
  await write(audit, event);
  await sealAt(audit, new Date(event.time));
}
