import { randomUUID } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import { tableAuditLog } from '../../../src/storage/audit/table-audit-log.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableSetStore } from '../../../src/storage/sets/table-set-store.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { setWorld } from './set-world.ts';
import { sampleProofs } from '../sample-proofs.ts';

/** The proxy in memory, but for checks, sets and audit, whose requests to storage are counted, as messages that are sent are. */
export function countedWorld(connectionString: string) {
  let count = 0;
  const connections = connect({ kind: 'connectionString', connectionString }, () => {
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
    audit: tableAuditLog({ audit, checks, proofs: sampleProofs() }),
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
