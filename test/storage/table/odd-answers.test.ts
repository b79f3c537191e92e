import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTableServer, type TableServer } from '../../../stand-ins/storage/table-server/start-table-server.ts';
import { tableAuditLog } from '../../../src/storage/audit/table-audit-log.ts';
import { toAuditRows } from '../../../src/storage/audit/audit-rows.ts';
import { sealMarkerOf } from '../../../src/storage/audit/seal-markers.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { getEntity } from '../../../src/storage/table/get-entity.ts';
import { rawReader } from '../../../src/storage/table/raw-reader.ts';
import { readRange } from '../../../src/storage/table/read-range.ts';
import { sampleEvent } from '../../support/azurite-audit.ts';
import { type FaultProxy, startFaultProxy } from '../../support/faults/fault-proxy.ts';
import { createIoTrace } from '../../support/faults/io-trace.ts';
import { oddAnswers } from '../../support/faults/odd-answers.ts';
import { sampleCheck } from '../../support/samples.ts';
import { sampleProofs } from '../../support/sample-proofs.ts';

const account =
  'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://x/a;QueueEndpoint=http://x/a';
const tablesOf = (url: string) =>
  connect({ kind: 'connectionString', connectionString: `${account};TableEndpoint=${url}/a` }, () => {
    throw new Error('no identity is needed');
  });

describe.each(oddAnswers)('an answer of storage that is %s', (_what, fault) => {
  let [server, proxy, chance]: [TableServer | undefined, FaultProxy | undefined, number] = [undefined, undefined, 0];
  let state = 7;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  beforeAll(async () => {
    server = await startTableServer();
    proxy = await startFaultProxy({
      ...{ service: 'table', upstream: server.url, trace: createIoTrace() },
      decide: (io, stage) =>
        stage === 'before' && !io.path.includes('/Tables') && random() < chance ? fault : undefined,
    });
  });
  afterAll(() => Promise.all([server?.stop(), proxy?.stop()]));
  const all = () => {
    const [shaky, good] = [tablesOf(proxy!.url), tablesOf(server!.url)];
    return { shaky, good };
  };

  it('is not believed of a transaction: what was answered as written is there, with its marker', async () => {
    const { shaky, good } = all();
    const tables = { audit: shaky.table('audit'), checks: shaky.table('checks') };
    const log = tableAuditLog({ ...tables, proofs: sampleProofs() });
    const store = tableCheckStore(shaky.table('checks'), randomUUID);
    [state, chance] = [7, 0.3];
    let refused = 0;
    for (let i = 0; i < 50; i++) {
      const event = sampleEvent();
      const check = { ...sampleCheck(), id: event.checkId! };
      const isWritten = await log.record(event).then(
        () => true,
        () => false,
      );
      const isKept = await store.insert(check).catch(() => false);
      if (!isWritten) refused++;
      const [row] = toAuditRows({ sequence: 1, event });
      const marker = sealMarkerOf({ sequence: 1, event });
      const rows = [
        await getEntity(good.table('audit'), row!.partitionKey, row!.rowKey),
        await getEntity(good.table('checks'), marker.partitionKey, marker.rowKey),
      ];
      if (isWritten) expect(rows.map((each) => each !== undefined)).toEqual([true, true]);
      if (isKept) {
        const kept = await tableCheckStore(good.table('checks'), randomUUID).find(check.id);
        expect(kept?.check.id).toBe(check.id);
      }
    }
    // A 404 is asked again at once.
    expect(refused).toBeGreaterThan(2);
    chance = 0;
  });

  it('is not believed of a single write, a row or a query', async () => {
    const { shaky, good } = all();
    const [table, real] = [shaky.table('single'), good.table('single')];
    await real.createTable();
    const row = { partitionKey: 'p', rowKey: 'r', value: '1' };
    await real.createEntity(row);
    chance = 1;
    const range = { partition: 'p', after: '', before: 'z' };
    const filter = "PartitionKey eq 'p'";
    const raw = async (): Promise<number> => {
      let rows = 0;
      for await (const page of rawReader(table).pages(filter)) rows += page.length;
      return rows;
    };
    for (const call of [
      () => table.createEntity({ ...row, rowKey: 'new' }),
      () => table.updateEntity({ ...row, value: '2' }, 'Replace'),
      () => table.upsertEntity({ ...row, value: '2' }, 'Merge'),
      () => getEntity(table, 'p', 'r'),
      () => readRange(table, range, 10),
      raw,
      () => rawReader(table).row('p', 'r'),
    ])
      await expect(call()).rejects.toThrow();
    chance = 0;
    expect((await real.getEntity('p', 'r'))['value']).toBe('1');
    expect([await raw(), (await readRange(table, range, 10)).length]).toEqual([1, 1]);
  });
});
