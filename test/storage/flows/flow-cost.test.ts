import { randomUUID } from 'node:crypto';
import { inject, expect, it } from 'vitest';
import { flowHistory } from '../../../src/check/flow/flow-history.ts';
import { randomIdFor } from '../../../src/check/state/check-id.ts';
import type { Check } from '../../../src/check/state/check.ts';
import type { Verdict } from '../../../src/contract/verdict.ts';
import { flowRowChanges } from '../../../src/storage/flows/flow-rows.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableFlowIndex } from '../../../src/storage/flows/table-flow-index.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import type { Keys } from '../../../stand-ins/storage/table-server/ordered-table.ts';
import { startTableServer } from '../../../stand-ins/storage/table-server/start-table-server.ts';
import { memoryProxy } from '../../support/memory/memory-proxy.ts';
import { sampleCaller, sampleCheck, sampleTime } from '../../support/samples.ts';

const PORTS = [443, 1433];

/** The rows that so many checks of one pair have left in the index: every third is reachable, and the newest are not. */
function* rowsOf(count: number): Generator<Keys & Readonly<Record<string, unknown>>> {
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    const caller = sampleCaller(`user-${i % 40}`);
    const waiting = sampleCheck({ id: randomIdFor(caller.requester.id, randomUUID()), caller });
    const finishedAt = new Date(Date.parse(sampleTime) - i * 1000).toISOString();
    const port = PORTS[i % PORTS.length] ?? 0;
    const request = { ...waiting.request, destination: { address: '10.1.2.4', port } };
    const reachability = i > count / 2 && i % 3 === 0 ? 'Reachable' : 'Unreachable';
    const verdict = { summary: 's', reachability, reasons: [] } satisfies Verdict;
    const ended: Check = { ...waiting, request, status: 'Succeeded', startedAt: sampleTime, finishedAt, verdict };
    // A question's row is upserted once for all.
    for (const [, row] of flowRowChanges(undefined, ended)) {
      const { partitionKey = '', rowKey = '', ...columns } = row as Record<string, string>;
      if (seen.has(partitionKey + rowKey)) continue;
      seen.add(partitionKey + rowKey);
      yield { partitionKey, rowKey, ...columns };
    }
  }
}

async function costOf(count: number) {
  const server = await startTableServer();
  try {
    const connections = connect(
      { kind: 'connectionString', connectionString: server.connectionString(inject('azurite')) },
      () => {
        throw new Error('no identity is needed');
      },
    );
    server.load('checks', rowsOf(count));
    const table = connections.table('checks');
    const { deps } = memoryProxy();
    const store = { ...tableCheckStore(table, randomUUID), answer: () => Promise.resolve('{"hops":[]}') };
    const { source } = sampleCheck().request;
    const asked = { source, destination: { address: '10.1.2.4' } };
    const actor = { caller: sampleCaller('reader'), origin: sampleCheck().origin };
    const begun = performance.now();
    const flow = await flowHistory({ ...deps, store, flowIndex: tableFlowIndex(table, deps) }, actor, {
      asked,
      resource: '/',
    });
    expect([flow.newest.length, flow.lastSuccess, flow.firstFailure].every(Boolean)).toBe(true);
    const scanned = server.served.reduce((sum, each) => sum + each.scanned, 0);
    return { requests: server.served.length, scanned, milliseconds: performance.now() - begun };
  } finally {
    await server.stop();
  }
}

const MANY = inject('tier') === 'fast' ? 10_000 : 100_000;

it(`a flow costs no more requests at ${MANY} checks than at 1000, and rows by its own bounds`, async () => {
  const [few, many] = [await costOf(1000), await costOf(MANY)];
  expect(many.requests).toBeLessThanOrEqual(few.requests);
  expect(many.requests).toBeLessThan(40);
  // Of 1000 checks some lists have fewer rows than are looked at of each.
  expect(many.scanned).toBeLessThan(1000);
}, 120_000);
