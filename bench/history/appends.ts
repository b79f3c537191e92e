import { randomUUID } from 'node:crypto';
import { eventOf } from '../../src/check/state/event-of.ts';
import { tableAuditLog } from '../../src/storage/audit/table-audit-log.ts';
import { sampleCheck } from '../../test/support/samples.ts';
import { resourceNames } from '../../src/triggers.ts';
import { inParallel } from '../in-parallel.ts';
import { fill } from './fill.ts';
import { type HistoryAzure, startHistoryAzure } from './history-azure.ts';
import type { Tables } from './tables.ts';
import { sampleProofs } from '../../test/support/sample-proofs.ts';

export interface Appends {
  readonly tables: Tables['name'];
  /** In the history so far, each with three events. */
  readonly checks: number;
  readonly writers: number;
  readonly perSecond: number;
  /** Requests to storage for each event. */
  readonly requests: number;
}

const EVENTS = 1000;
const WRITERS = [1, 16];
const WARM_UP = 50;
const DAYS = 365;

/** Events that are announced and written, as that of a request is, by so many at a time. */
export async function appends(): Promise<Appends[]> {
  return [
    ...(await appendsOn('azurite', 0)),
    ...(await appendsOn('table server', 0)),
    ...(await appendsOn('table server', 100_000)),
  ];
}

async function appendsOn(on: Tables['name'], checks: number): Promise<Appends[]> {
  const azure = await startHistoryAzure(on);
  try {
    await fill(azure.load, { checks, days: DAYS, end: new Date(), tenantId: azure.tenantId });
    const measured: Appends[] = [];
    for (const writers of WRITERS) measured.push({ tables: on, checks, writers, ...(await appendsBy(azure, writers)) });
    return measured;
  } finally {
    await azure.stop();
  }
}

async function appendsBy({ table, tables }: HistoryAzure, writers: number) {
  const on = { audit: table(resourceNames.auditTable), checks: table(resourceNames.checksTable) };
  const log = tableAuditLog({ ...on, proofs: sampleProofs() });
  const deps = { now: () => new Date(), newId: randomUUID, deputy: 'system-assigned' };
  const append = async (): Promise<void> => {
    await log.record(eventOf(deps, sampleCheck({ id: randomUUID() }), 'requested'));
  };
  await inParallel(WARM_UP, writers, append);
  const [mark, begun] = [tables.served().length, performance.now()];
  await inParallel(EVENTS, writers, append);
  const seconds = (performance.now() - begun) / 1000;
  return { perSecond: Math.round(EVENTS / seconds), requests: (tables.served().length - mark) / EVENTS };
}
