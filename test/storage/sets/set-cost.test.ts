import { randomUUID } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import { expect, inject, it } from 'vitest';
import { submit } from '../../../src/check/submit.ts';
import { tableAuditLog } from '../../../src/storage/audit/table-audit-log.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableSetStore } from '../../../src/storage/sets/table-set-store.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { askedOf } from '../../support/memory/memory-proxy.ts';
import { asking, productOf, range, setOf, setWorld } from '../../support/memory/set-world.ts';

const SIZE = 200;
const sources = range(SIZE / 5).map((i) => `vm-${i}`);
const requests = productOf(sources, range(5));

/** The proxy in memory, but for checks, sets and audit, whose requests to storage are counted. */
function countedWorld() {
  let count = 0;
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  const counted = (name: string): TableClient => {
    const table = connections.table(`${name}${randomUUID().replaceAll('-', '')}`);
    table.pipeline.addPolicy(
      {
        name: 'count',
        sendRequest: (request, next) => {
          count++;
          return next(request);
        },
      },
      { afterPhase: 'Retry' },
    );
    return table;
  };
  const [checks, audit] = [counted('checks'), counted('audit')];
  const store = tableCheckStore(checks, randomUUID);
  const world = setWorld({
    store,
    audit: tableAuditLog({ audit, checks }),
    sets: tableSetStore(checks, randomUUID),
    knownRequests: new Map(),
  });
  const { queue, setQueue } = world.deps;
  const sending =
    <Q extends { send: (id: string, delay: number) => Promise<void> }>({ send }: Q): Q['send'] =>
    (id, delay) => {
      count++;
      return send(id, delay);
    };
  Object.assign(queue, { send: sending(queue) });
  Object.assign(setQueue, { send: sending(setQueue) });
  return {
    ...world,
    /** How many requests the work makes. */
    async of(work: () => Promise<unknown>): Promise<number> {
      const before = count;
      await work();
      return count - before;
    },
  };
}

it('a set of two hundred costs at most a tenth more than two hundred checks, where nothing has to wait', async () => {
  const world = countedWorld();
  // The first request makes the tables.
  await submit(world.deps, asking(), { asked: askedOf(requests[0]!) });
  await world.work();
  const singles = await world.of(async () => {
    for (const request of requests) await submit(world.deps, asking(), { asked: askedOf(request) });
    await world.work();
  });
  let id = '';
  const set = await world.of(async () => {
    id = (await world.create(setOf(requests))).set.id;
    await world.work();
  });
  const stored = await world.deps.sets.find(id);
  expect(stored?.members.every(({ state }) => state.kind === 'check' && state.reachability === 'Reachable')).toBe(true);
  // Rows of the set in three transactions, its own row twice more, and one read of it all.
  expect(set).toBeLessThanOrEqual(singles + 8);
  expect(set / singles).toBeLessThan(1.1);
  // The matrix is one range, whatever is in it.
  expect(await world.of(() => world.deps.sets.find(id))).toBe(1);
}, 120_000);
