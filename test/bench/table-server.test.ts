import { randomUUID } from 'node:crypto';
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { startTableServer } from '../../bench/table-server/start-table-server.ts';
import type { CheckFilter } from '../../src/check/check-list.ts';
import { seal } from '../../src/audit/seal.ts';
import { randomIdFor } from '../../src/check/check-id.ts';
import { connect } from '../../src/storage/connect.ts';
import { statusOf } from '../../src/storage/unavailable.ts';
import { tableCheckList } from '../../src/storage/table-check-list.ts';
import { tableCheckStore } from '../../src/storage/table-check-store.ts';
import { azuriteAudit, requesterIdOf, requesterOf, sampleEvent, write } from '../support/azurite-audit.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';

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
  entities.map(({ text, ...entity }): TransactionAction => ['update', entity, 'Merge', { etag: '*' }]),
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
    const { etag, timestamp, 'odata.metadata': _, ...read } = await table.getEntity(partitionKey, rowKey);
    etags.set(partitionKey + rowKey, etag);
    expect(Date.parse(timestamp ?? '')).toBeGreaterThan(0);
    return read;
  }),
  fc
    .tuple(filters, fc.constantFrom(undefined, ['RowKey', 'text']), fc.constantFrom(1, 3, 1000))
    .map(([filter, select, maxPageSize]): Operation => async (table) => {
      const found = [];
      const queryOptions = { filter, ...(select && { select }) };
      for await (const page of table.listEntities({ queryOptions }).byPage({ maxPageSize }))
        for (const { etag, timestamp, ...row } of page) found.push(row);
      return found;
    }),
);

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
      { numRuns: 25 },
    );
  });
});
