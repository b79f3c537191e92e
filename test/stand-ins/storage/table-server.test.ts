import type { AuditFilter } from '../../../src/audit/audit-history.ts';
import type { CheckFilter } from '../../../src/check/ports/check-list.ts';
import { randomUUID } from 'node:crypto';
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { fill, loadByTransactions } from '../../../bench/history/fill.ts';
import { destinationOf, sourceOf } from '../../../bench/history/recorded-check.ts';
import { startTableServer } from '../../../stand-ins/storage/table-server/start-table-server.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { tableAuditHistory } from '../../../src/storage/audit/table-audit-history.ts';
import { tableCheckList } from '../../../src/storage/checks/table-check-list.ts';
import { statusOf } from '../../../src/storage/table/unavailable.ts';
import { resourceNames } from '../../../src/triggers.ts';
import { objectIdOf } from '../../support/object-id-of.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const noIdentity = () => {
  throw new Error('no identity is needed');
};

/** Few keys, so that they meet; signs that sort and quote in unlike ways. */
const keys = fc.constantFrom('a', "b'", 'b!1', 'b"', 'Z', 'é', 'a b', '9%');
const entities = fc.record({
  partitionKey: fc.constantFrom('p', 'q', "r'"),
  rowKey: keys,
  ...{ text: fc.constantFrom('x', 'X', '', 'é'), number: fc.integer({ min: -2, max: 2 }), open: fc.boolean() },
});
const actions: fc.Arbitrary<TransactionAction> = fc.oneof(
  entities.map((entity): TransactionAction => ['create', entity]),
  entities.map((entity): TransactionAction => ['upsert', entity, 'Replace']),
  entities.map(({ partitionKey, rowKey, number }): TransactionAction => {
    return ['update', { partitionKey, rowKey, number }, 'Merge', { etag: '*' }];
  }),
  entities.map(({ partitionKey, rowKey }): TransactionAction => ['delete', { partitionKey, rowKey }]),
);
const conditions = fc.oneof(
  fc.tuple(
    fc.constantFrom('PartitionKey', 'RowKey', 'text'),
    fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
    keys,
  ),
  fc.tuple(fc.constant('number'), fc.constantFrom('eq', 'gt', 'ge', 'lt', 'le'), fc.integer({ min: -2, max: 2 })),
  fc.tuple(fc.constant('open'), fc.constant('eq'), fc.boolean()),
);
// The tag quotes only what stands after some text.
const condition = conditions.map(([name, operator, value]) => `${name} ${operator}${odata` ${value}`}`);
const filters = fc.oneof(
  condition,
  fc.tuple(condition, condition, condition).map(([a, b, c]) => `${a} and (${b} or ${c})`),
  fc.tuple(condition, condition, condition).map(([a, b, c]) => `${a} or ${b} and ${c}`),
  fc.tuple(condition, condition).map(([a, b]) => `${a} and not (${b})`),
);

/** An operation on a table; `etags` has the versions that were read so far. */
type Operation = (table: TableClient, etags: Map<string, string>) => Promise<unknown>;

const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .uniqueArray(actions, { minLength: 1, maxLength: 5, selector: ([, { rowKey }]) => rowKey })
    .map((several): Operation => (table) => {
      const changes = several.map(([kind, entity, ...rest]) => [kind, { ...entity, partitionKey: 'p' }, ...rest]);
      return table.submitTransaction(changes as TransactionAction[]);
    }),
  entities.map(
    (entity): Operation =>
      (table) =>
        table.createEntity(entity),
  ),
  entities.map(
    (entity): Operation =>
      (table) =>
        table.upsertEntity(entity, 'Merge'),
  ),
  entities.map(
    ({ partitionKey, rowKey }): Operation =>
      (table) =>
        table.deleteEntity(partitionKey, rowKey),
  ),
  entities.map((entity): Operation => (table, etags) => {
    const etag = etags.get(entity.partitionKey + entity.rowKey) ?? 'W/"none"';
    return table.updateEntity(entity, 'Replace', { etag });
  }),
  entities.map(({ partitionKey, rowKey }): Operation => async (table, etags) => {
    const read = await table.getEntity(partitionKey, rowKey);
    etags.set(partitionKey + rowKey, read.etag);
    return withoutOwn(read);
  }),
  fc
    .tuple(filters, fc.constantFrom<string[][]>([], ['RowKey', 'text']), fc.constantFrom(1, 3, 1000))
    .map(([filter, select, maxPageSize]): Operation => async (table) => {
      const found: object[] = [];
      const queryOptions = select.length > 0 ? { filter, select } : { filter };
      for await (const page of table.listEntities({ queryOptions }).byPage({ maxPageSize }))
        found.push(...page.map(withoutOwn));
      return found;
    }),
);

/** Without what each storage says in its own way. */
const withoutOwn = (row: object) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !['etag', 'timestamp', 'odata.metadata'].includes(name)));

/** What the app can tell of an outcome. */
async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    const result = await work;
    if (Array.isArray(result) || (result !== null && typeof result === 'object' && 'rowKey' in result)) return result;
    return 'done';
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    const text = JSON.stringify([Reflect.get(Object(error), 'code'), Reflect.get(Object(error), 'details')]);
    return [statusOf(error), /\b[A-Z]\w+(NotFound|AlreadyExists|NotSatisfied)\b/.exec(text)?.[0]];
  }
}

const tableOf = (connectionString: string, name: string) =>
  connect({ kind: 'connectionString', connectionString }, noIdentity).table(name);

describe('the table server of the measurements', () => {
  it('answers any sequence of operations as Azurite does, wherever it ends an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operations, { minLength: 20, maxLength: 60 }),
        fc.constantFrom(2, 50_000),
        async (sequence, scanLimit) => {
          const server = await startTableServer({ scanLimit });
          const [name, azurite] = [`t${randomUUID().replaceAll('-', '')}`, inject('azurite')];
          const sides = [azurite, server.connectionString(azurite)].map((each) => tableOf(each, name));
          try {
            const etags = sides.map(() => new Map<string, string>());
            // The table is made after the first operation has missed it.
            for (const [i, operation] of [...sequence.slice(0, 1), ...sequence].entries()) {
              if (i === 1) await Promise.all(sides.map((table) => table.createTable()));
              const [expected, found] = await Promise.all(
                sides.map((table, side) => outcomeOf(operation(table, etags[side]!))),
              );
              expect(found).toEqual(expected);
            }
          } finally {
            await server.stop();
          }
        },
      ),
      { numRuns: numRuns(25) },
    );
  });

  it('is filled with the rows that transactions would write, and every page of the app’s is the same on both', async () => {
    const [server, suffix] = [await startTableServer(), randomUUID().replaceAll('-', '')];
    try {
      const azurite = inject('azurite');
      const sides = [azurite, server.connectionString(azurite)];
      const tables = sides.map((each) => (name: string) => tableOf(each, name + suffix));
      const byTransactions = loadByTransactions(tables[0]!);
      const load: Parameters<typeof fill>[0] = async (name, rows) => {
        server.load(name + suffix, rows);
        await byTransactions(name, rows);
      };
      const [end, tenantId, ids] = [new Date('2026-03-01T12:00:00Z'), randomUUID(), [] as string[]];
      await fill(load, { checks: 60, days: 100, end, tenantId }, ({ check }) => ids.push(check.id));
      const [requester, from] = [`${tenantId}/${objectIdOf('user-7')}`, new Date('2026-01-01')];
      const [source, destination] = [sourceOf(4), destinationOf(5)];
      const now = () => end;
      const answers = tables.map(async (table) => {
        const both = { checks: table(resourceNames.checksTable), audit: table(resourceNames.auditTable), now };
        const [list, history] = [tableCheckList(both), tableAuditHistory(both)];
        const [requesters, sources, destinations] = [[requester], [source], [{ destination }]];
        const checks: CheckFilter[] = [
          ...[{}, { requesters }, { sources }, { destinations }, { statuses: ['Failed' as const] }, { sources, from }],
          ...[
            { ports: [443], protocols: ['Tcp' as const] },
            { outcome: 'notReachable' as const, destinations },
          ],
        ];
        const audit: AuditFilter[] = [
          ...[{}, { requesters }, { actions: ['failed' as const] }, { checkId: ids[9]! }, { requesters, from }],
          ...[{ sources, destinations }, { ports: [443] }],
        ];
        return [
          await Promise.all(checks.map((filter) => list.page(filter, 7))),
          await Promise.all(audit.map((filter) => history.page(filter, 7))),
        ] as const;
      });
      const [expected, found] = await Promise.all(answers);
      expect(found).toEqual(expected);
      expect(found?.[0][0]?.checks).toHaveLength(7);
      expect(found?.[1].map(({ events }) => events.length)).toContain(3);
    } finally {
      await server.stop();
    }
  });
});
