import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTableServer } from '../../../stand-ins/storage/table-server/start-table-server.ts';
import { randomIdFor } from '../../../src/check/state/check-id.ts';
import { firstEventOf } from '../../../src/check/state/event-of.ts';
import type { AuditFilter } from '../../../src/audit/audit-history.ts';
import type { CheckFilter } from '../../../src/check/ports/check-list.ts';
import { tableAuditHistory } from '../../../src/storage/audit/table-audit-history.ts';
import { tableAuditLog } from '../../../src/storage/audit/table-audit-log.ts';
import { tableAuditRows } from '../../../src/storage/audit/table-audit-rows.ts';
import { tableRefusalCounts } from '../../../src/storage/audit/table-refusal-counts.ts';
import { tableSealState } from '../../../src/storage/audit/table-seal-state.ts';
import { assertNoneStalled } from '../../../src/storage/checks/assert-none-stalled.ts';
import { tableCheckList } from '../../../src/storage/checks/table-check-list.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableOverdueChecks } from '../../../src/storage/checks/table-overdue-checks.ts';
import { tablePauses } from '../../../src/storage/checks/table-pauses.ts';
import { tableRequesterHistory } from '../../../src/storage/checks/table-requester-history.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { startFaultProxy } from '../../support/faults/fault-proxy.ts';
import { createIoTrace } from '../../support/faults/io-trace.ts';
import { sampleCaller, sampleCheck, sampleTime } from '../../support/samples.ts';
import { uuidOf } from '../../support/memory/memory-proxy.ts';
import { sampleProofs } from '../../support/sample-proofs.ts';

// Table storage may answer a query with no rows and say that it goes on: whoever stops there loses rows in silence.

let server: Awaited<ReturnType<typeof startTableServer>>;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let emptyPages = 0;
beforeAll(async () => {
  server = await startTableServer();
  proxy = await startFaultProxy({
    ...{ service: 'table', upstream: server.url, trace: createIoTrace() },
    decide: ({ method, path }, stage) => {
      const isFirst = method === 'GET' && path.includes('()') && !path.includes('NextPartitionKey');
      if (stage !== 'before' || !isFirst) return undefined;
      emptyPages++;
      const partition = { 'x-ms-continuation-nextpartitionkey': '!', 'x-ms-continuation-nextrowkey': '!' };
      return {
        ...{ kind: 'answer', status: 200, headers: { 'content-type': 'application/json', ...partition } },
        body: JSON.stringify({ 'odata.metadata': 'x', value: [] }),
      };
    },
  });
});
afterAll(() => Promise.all([server.stop(), proxy.stop()]));

const now = () => new Date(Date.parse(sampleTime) + 3_600_000);
const proofs = sampleProofs();
function adaptersAt(url: string) {
  const account = 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://x/a';
  const connectionString = `${account};QueueEndpoint=http://x/a;TableEndpoint=${url}/a`;
  const storage = connect({ kind: 'connectionString', connectionString }, () => {
    throw new Error('no identity is needed');
  });
  const [checks, audit] = [storage.table('checks'), storage.table('audit')];
  return {
    checks,
    store: tableCheckStore(checks, randomUUID),
    log: tableAuditLog({ audit, checks, proofs }),
    list: tableCheckList({ checks, now }),
    history: tableAuditHistory({ audit, now }),
    rows: tableAuditRows(audit),
    refusals: tableRefusalCounts(checks, proofs),
    seal: tableSealState({ audit, checks }),
    overdue: tableOverdueChecks(checks),
    pauses: tablePauses(checks, proofs),
    past: tableRequesterHistory(checks, proofs),
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** In the requester's own shard. */
const idOf = (number: number): string => randomIdFor(sampleCaller().requester.id, uuidOf(String(number)));

/** What each reader of several rows finds. */
async function found(adapters: ReturnType<typeof adaptersAt>) {
  const { list, history, rows, refusals, seal, pauses, past, checks } = adapters;
  const requester = sampleCaller().requester.id;
  const [requesters, statuses] = [[requester], ['NotStarted' as const]];
  const [day, begin] = [sampleTime.slice(0, 10), new Date(Date.parse(sampleTime) - 1000)];
  const pending = await seal.pending(100, '', '~');
  const events = pending.map(({ subject, sequence, time }) => ({ subject, sequence, time }));
  const pages = await all(rows.between(day, day));
  return {
    lists: await Promise.all(
      [{}, { requesters }, { statuses }, { requesters, statuses }, { requesters, ports: [1433] }].map(
        async (filter: CheckFilter) => (await list.page(filter, 50)).checks.length,
      ),
    ),
    audit: await Promise.all(
      [{}, { requesters }, { actions: ['requested' as const] }, { checkId: idOf(1) }, { ports: [1433] }].map(
        async (filter: AuditFilter) => (await history.page(filter, 50)).events.length,
      ),
    ),
    rows: pages.flatMap((page) => [...page]).length,
    refusals: (await refusals.before(now())).counts.length,
    pending: pending.length,
    present: (await all(seal.present(events))).length,
    paused: await pauses.secondsBetween(begin, now()),
    past: (await past.since(requester, begin, new Date(sampleTime))).length,
    stalled: await assertNoneStalled(checks, now()).then(
      () => false,
      () => true,
    ),
  };
}

it('every reader goes on behind an empty page', async () => {
  const real = adaptersAt(server.url);
  const ids = { now: () => new Date(sampleTime), newId: () => randomUUID(), deputy: 'system-assigned' };
  for (let number = 0; number < 5; number++) {
    const own = sampleCheck({ id: idOf(number) });
    const event = { ...firstEventOf(ids, own), action: 'requested' as const, checkId: own.id };
    await real.log.record(event);
    await real.store.insert(own);
    await real.refusals.add({ ...event, id: randomUUID(), action: 'refused', checkId: undefined });
  }
  await real.pauses.note(new Date(sampleTime));
  const expected = await found(real);
  for (const count of Object.values(expected).flat()) expect(Number(count)).toBeGreaterThan(0);
  expect(await found(adaptersAt(proxy.url))).toEqual(expected);
  expect(emptyPages).toBeGreaterThan(20);

  const claims = (adapters: ReturnType<typeof adaptersAt>) =>
    Promise.all(adapters.overdue.claim(now()).map((stream) => all(stream)));
  expect((await claims(adaptersAt(proxy.url))).flat()).toHaveLength(5);
});
