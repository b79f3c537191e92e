import { randomUUID } from 'node:crypto';
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { TableClient, TableEntity } from '@azure/data-tables';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordAccess } from '../../src/audit/record-access.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { submit } from '../../src/check/submit.ts';
import { step } from '../../src/check/step.ts';
import { viewOfSet } from '../../src/set/state/view-of-set.ts';
import { stepSet } from '../../src/set/step.ts';
import type { EndedCheck } from '../../src/check/state/check.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { sha256 } from '../../src/contract/sha256.ts';
import { uuidOfHash } from '../../src/contract/uuid-of-hash.ts';
import { minuteOf } from '../../src/contract/time.ts';
import { sealAudit } from '../../src/jobs/seal-audit.ts';
import type { Kept } from '../../src/sources/listing.ts';
import { sealMarkerOf, shardOfEvent } from '../../src/storage/audit/seal-markers.ts';
import { tableRefusalCounts } from '../../src/storage/audit/table-refusal-counts.ts';
import { toAnswerProperties } from '../../src/storage/checks/answer-properties.ts';
import { tableCheckList } from '../../src/storage/checks/table-check-list.ts';
import { tableCheckStore } from '../../src/storage/checks/table-check-store.ts';
import { tableOverdueChecks } from '../../src/storage/checks/table-overdue-checks.ts';
import { tableRequesterHistory } from '../../src/storage/checks/table-requester-history.ts';
import { tablePauses } from '../../src/storage/checks/table-pauses.ts';
import { tableSetStore } from '../../src/storage/sets/table-set-store.ts';
import { tableListingStore } from '../../src/storage/sources/table-listing-store.ts';
import { setMarkers, shardOf } from '../../src/storage/table/check-keys.ts';
import { type AzuriteAudit, requesterOf, sampleEvent } from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';
import { linesOf } from '../support/log-lines.ts';
import { memoryProxy, policyOf, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { productOf, range, setOf, setWorld } from '../support/memory/set-world.ts';
import { sampleProofs } from '../support/sample-proofs.ts';
import { sampleCaller, sampleCheck, sampleTime, webVm } from '../support/samples.ts';

// Whoever may write the table `checks`, and nothing else, may neither blind the audit, nor break its verification, nor
// keep checks from their end.

let time = new Date();
const now = () => time;
const at = (seconds: number): Date => new Date(Date.parse('2026-03-02T11:30:00.000Z') + seconds * 1000);
let audit: AzuriteAudit;
beforeEach(async () => {
  time = at(0);
  audit = fastAudit({ now });
  await audit.tables.checks.createTable();
});

/** Without what storage says of a row. */
async function rowsOf(prefix: string): Promise<TableEntity[]> {
  const rows: TableEntity[] = [];
  for await (const row of audit.tables.checks.listEntities()) {
    if (!row.rowKey?.startsWith(prefix)) continue;
    const columns = Object.entries(row).filter(([name]) => name !== 'etag' && name !== 'timestamp');
    rows.push({ ...Object.fromEntries(columns), partitionKey: row.partitionKey!, rowKey: row.rowKey });
  }
  return rows;
}

/** Past the names of the client library. */
async function rawMerge(table: TableClient, partition: string, key: string, columns: object): Promise<void> {
  const url = `${table.url}/${table.tableName}(PartitionKey='${partition}',RowKey='${encodeURIComponent(key)}')`;
  const headers = createHttpHeaders({
    ...{ accept: 'application/json', 'content-type': 'application/json', dataserviceversion: '3.0' },
    ...{ 'if-match': '*', 'x-ms-version': '2019-02-02' },
  });
  const body = JSON.stringify({ PartitionKey: partition, RowKey: key, ...columns });
  const request = createPipelineRequest({ url, method: 'PATCH', headers, body, allowInsecureConnection: true });
  const { status } = await table.pipeline.sendRequest(createDefaultHttpClient(), request);
  expect(status).toBe(204);
}

const put = (row: TableEntity) => audit.tables.checks.upsertEntity(row, 'Replace');

/** All that is in the log, oldest first. */
const written = async (): Promise<AuditEvent[]> => {
  const { events } = await audit.history.page({}, 100);
  return events.toReversed();
};

/** What is covered by a checkpoint now is what is in the log, and nothing else. */
async function isProvenWhole(): Promise<void> {
  await seal(audit);
  expect(await verify(audit, { from: at(-86_400) })).toMatchObject({ valid: true, faults: [], pending: 0 });
}

const checkId = '00000000-0000-4000-8000-00000000000a';
const reader = sampleCaller('carol', ['Audit.Read']);

async function read(): Promise<void> {
  const deps = { ...audit, audit: audit.log, deputy: 'd', policy: { hash: 'f'.repeat(64) } };
  const origin = { sourceAddress: '127.0.0.1', requestId: 'r' };
  await recordAccess(deps, { caller: reader, origin }, { action: 'read', checkId, resource: '/api/checks/x' });
}

/** The rows that a reading writes into the table `checks`, as somebody can compute or copy them. */
async function rowsOfReading(): Promise<{ reservation: TableEntity; marker: TableEntity }> {
  const elsewhere = fastAudit({ now });
  const mine = audit;
  audit = elsewhere;
  await read();
  const [[reservation], [marker]] = await Promise.all([rowsOf('key!'), rowsOf('unsealed!')]);
  audit = mine;
  return { reservation: reservation!, marker: marker! };
}

const other = '2026-03-01T08:00:00.000Z';
const forgeries: [string, (row: TableEntity) => TableEntity][] = [
  ['that was prepared, with another key’s signature', (row) => row],
  ['of another time', (row) => ({ ...row, time: other })],
  ['of another time in that hour', (row) => ({ ...row, time: at(900).toISOString() })],
  ['of the year 9999', (row) => ({ ...row, time: '9999-12-31T23:59:59.999Z' })],
  ['of no time', (row) => ({ ...row, time: 'soon' })],
  ['of no month', (row) => ({ ...row, time: 'NaN' })],
  ['of another id', (row) => ({ ...row, id: randomUUID() })],
  ['of no id', (row) => ({ ...row, id: 'x' })],
  ['of another request', (row) => ({ ...row, fingerprint: 'f' })],
  ['that says nothing', ({ partitionKey, rowKey }) => ({ partitionKey, rowKey })],
  ['without a signature', ({ ...row }) => ({ ...row, proof: undefined })],
];

describe('a reading has its event, of its time, in a log that verifies,', () => {
  const isRead = async (): Promise<void> => {
    const events = await written();
    expect(events).toMatchObject([{ action: 'read', checkId, time: now().toISOString() }]);
    await isProvenWhole();
  };

  it.each(forgeries)('where a reservation was prepared %s', async (_, forge) => {
    await put(forge((await rowsOfReading()).reservation));
    await read();
    await isRead();
    expect(audit.passedOver).toEqual([expect.stringContaining('did not come from the proxy')]);
    // From then on its row is the proxy's, and the next one finds the event.
    time = at(60);
    await read();
    expect(await written()).toHaveLength(1);
  });

  it('where its marker was prepared, of another time', async () => {
    await put({ ...(await rowsOfReading()).marker, time: other });
    await read();
    await isRead();
  });

  it('where somebody prepared both', async () => {
    const { reservation, marker } = await rowsOfReading();
    await put({ ...reservation, time: other });
    await put({ ...marker, time: other });
    await read();
    await isRead();
  });

  it('where the reservation is that of another reading, with the proxy’s signature', async () => {
    await read();
    const [foreign] = await rowsOf('key!');
    const again = fastAudit({ now, signingKey: audit.signingKey });
    await again.tables.checks.createTable();
    const { reservation } = await rowsOfReading();
    audit = again;
    time = at(3600);
    const next = await rowsOfReading();
    expect(next.reservation.rowKey).not.toBe(reservation.rowKey);
    await put({ ...foreign!, rowKey: next.reservation.rowKey });
    await read();
    await isRead();
  });
});

describe('a second reading within the hour', () => {
  beforeEach(async () => {
    await read();
    time = at(60);
  });

  it('is told by the event of the first', async () => {
    await read();
    expect((await written()).map((event) => event.time)).toEqual([at(0).toISOString()]);
    await isProvenWhole();
  });

  it.each(forgeries.slice(1))(
    'is in the log, and so is the first, where the reservation was changed %s',
    async (_, forge) => {
      const [row] = await rowsOf('key!');
      await put(forge(row!));
      await read();
      expect((await written()).map((event) => event.time)).toEqual([at(0), at(60)].map((each) => each.toISOString()));
      await isProvenWhole();
    },
  );

  it('is in the log, and so is the first, where the reservation was taken away', async () => {
    const [row] = await rowsOf('key!');
    await audit.tables.checks.deleteEntity(row!.partitionKey, row!.rowKey);
    await read();
    expect((await written()).map((event) => event.time)).toEqual([at(0), at(60)].map((each) => each.toISOString()));
    await isProvenWhole();
  });

  it('writes the event of the first where that is reserved, and is not in the log', async () => {
    const [row] = await rowsOf('key!');
    const [marker] = await rowsOf('unsealed!');
    audit = fastAudit({ now, signingKey: audit.signingKey });
    await audit.tables.checks.createTable();
    await put(row!);
    await put(marker!);
    await read();
    expect((await written()).map((event) => event.time)).toEqual([at(0).toISOString()]);
    await isProvenWhole();
  });
});

describe('a request with an idempotency key', () => {
  const requested = () => sampleEvent({ checkId, time: now().toISOString(), fingerprint: 'f' });

  it.each(forgeries.filter(([what]) => what !== 'of another request'))(
    'has its event, of its time, where a reservation was prepared %s',
    async (_, forge) => {
      const row = { partitionKey: shardOfEvent(requested()), rowKey: `key!${checkId}`, id: randomUUID() };
      await put(forge({ ...row, time: now().toISOString(), fingerprint: 'f', proof: 'a.b.c' }));
      const event = requested();
      expect(await audit.log.record(event)).toEqual(event);
      expect(await written()).toEqual([event]);
      await isProvenWhole();
    },
  );

  it.each<[string, (row: TableEntity) => Promise<unknown>]>([
    ['changed', (row) => put({ ...row, time: other })],
    ['taken away', ({ partitionKey, rowKey }) => audit.tables.checks.deleteEntity(partitionKey, rowKey)],
  ])('that comes again is told by its event in the log where the reservation was %s', async (_, attack) => {
    const first = requested();
    await audit.log.record(first);
    const [row] = await rowsOf('key!');
    await attack(row!);
    time = at(60);
    expect(await audit.log.record(requested())).toEqual(first);
    expect(await written()).toEqual([first]);
    await isProvenWhole();
  });
});

describe('an event of a time that is none', () => {
  it.each(['soon', 'NaN', '', '2026-02-30T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '0000-01-01T00:00:00.000Z'])(
    'is never written: %j',
    async (none) => {
      const event = sampleEvent({ time: none });
      await expect(audit.log.record(event)).rejects.toMatchObject({ code: 'AuditUnavailable' });
      // What a check's row brings as the event of its transition keeps no check waiting.
      expect(await audit.log.append({ sequence: 2, event })).toEqual(event);
      expect(audit.passedOver).toHaveLength(1);
      expect(await rowsOf('unsealed!')).toEqual([]);
      await audit.tables.audit.createTable();
      expect(await written()).toEqual([]);
      await isProvenWhole();
    },
  );
});

describe('a count of refusals', () => {
  const refused = (user: string) =>
    sampleEvent({ action: 'refused', checkId: undefined, requester: requesterOf(user), time: now().toISOString() });
  const summaries = async () => (await written()).map(({ requester, outcome }) => [requester.name, outcome?.count]);

  async function run() {
    const { context, lines } = linesOf();
    const refusals = tableRefusalCounts(audit.tables.checks, audit.proofs);
    await sealAudit({ ...audit, audit: audit.log, refusals })(
      {} as Parameters<ReturnType<typeof sealAudit>>[0],
      context,
    );
    return lines.filter(({ level }) => level === 'error');
  }
  const add = (user: string) => tableRefusalCounts(audit.tables.checks, audit.proofs).add(refused(user));

  /** A row that the proxy would write with a key of its own, which is another's. */
  async function forged(user: string): Promise<TableEntity> {
    const mine = audit;
    audit = fastAudit({ now });
    await add(user);
    const [row] = await rowsOf('refused!');
    audit = mine;
    return row!;
  }

  const minute = '2026-03-02T11:30';
  it.each<[string, (row: TableEntity) => TableEntity]>([
    ['signed by another', (row) => row],
    ['that is signed by nobody', (row) => ({ ...row, proof: '' })],
    ['of no minute', (row) => ({ ...row, rowKey: row.rowKey.replace(minute, '000NaN') })],
    ['of a minute that there cannot be', (row) => ({ ...row, rowKey: row.rowKey.replace(minute, '2026-02-30T11:30') })],
    ['of no time', (row) => ({ ...row, rowKey: row.rowKey.replace(minute, '') })],
    ['of less than none', (row) => ({ ...row, count: -5 })],
    ['that is no number', (row) => ({ ...row, count: 'one' })],
    ['of no event', (row) => ({ ...row, event: '{}' })],
  ])('%s brings no event, and the log names it', async (_, forge) => {
    await add('alice');
    await put(forge(await forged('victim')));
    time = at(600);
    const lines = await run();
    expect(await summaries()).toEqual([['alice', 1]]);
    expect(lines).toMatchObject([{ cause: expect.stringContaining('refused!') as string }]);
    await isProvenWhole();
  });

  it('that was raised, or has another event, brings none', async () => {
    await add('alice');
    const [row] = await rowsOf('refused!');
    await put({ ...row!, count: 500 });
    await put({ ...row!, rowKey: row!.rowKey, event: canonicalJson(refused('victim')) });
    time = at(600);
    expect(await run()).toHaveLength(1);
    expect(await summaries()).toEqual([]);
  });

  it('is counted anew where somebody has put a row in its place', async () => {
    await put({ ...(await forged('alice')), count: 1000 });
    await add('alice');
    await add('alice');
    time = at(600);
    expect(await run()).toEqual([]);
    expect(await summaries()).toEqual([['alice', 2]]);
    await isProvenWhole();
  });

  it('waits behind no others, however many rows are none', async () => {
    await add('alice');
    const [row] = await rowsOf('refused!');
    for (let batch = 0; batch < 21; batch++)
      await audit.tables.checks.submitTransaction(
        Array.from({ length: 100 }, (_, i) => [
          'create',
          { partitionKey: row!.partitionKey, rowKey: `refused!2026-01-01T00:00!${batch}-${i}` },
        ]),
      );
    time = at(600);
    // Not a line for each.
    expect(await run()).toHaveLength(20);
    expect(await summaries()).toEqual([['alice', 1]]);
  });

  it('has its event once, of its minute, where a marker of another time was prepared, and where it was put back', async () => {
    await add('alice');
    const [row] = await rowsOf('refused!');
    const id = uuidOfHash(sha256(`refused ${requesterOf('alice').id} ${minute}`));
    await put({ ...sealMarkerOf({ sequence: 1, event: { ...refused('alice'), id } }), time: other });
    time = at(600);
    await run();
    const [event] = await written();
    expect(event).toMatchObject({ id, time: `${minute}:59.999Z` });
    await isProvenWhole();
    await put(row!);
    await run();
    expect(await written()).toEqual([event]);
    await isProvenWhole();
  });
});

describe('a refusal', () => {
  it('has an event of its own, whatever somebody says was refused before, or of what shape it is', async () => {
    const history = tableRequesterHistory(audit.tables.checks, audit.proofs);
    const proxy = memoryProxy({}, { policy: policyOf([], { requestsPerMinute: 5 }), history, audit: audit.log });
    const { id } = sampleCaller().requester;
    await history.addRefused(id, new Date(sampleTime), randomUUID(), true);
    const [own] = await rowsOf('by!');
    for (let i = 0; i < 100; i++) {
      const rowKey = own!.rowKey.replace(/[0-9a-f-]{36}$/, randomUUID());
      await put({ ...own!, rowKey, ...(i % 2 === 0 ? { proof: undefined } : { at: 'soon', open: 'x' }) });
    }
    await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({ code: 'PolicyRefused' });
    expect(await written()).toMatchObject([{ action: 'refused', target: { source: webVm } }]);
  });
});

const ended = (check: ReturnType<typeof sampleCheck>): EndedCheck => ({
  ...{ ...check, status: 'Failed', error: { code: 'Poisoned', message: 'm' }, finishedAt: sampleTime },
  cause: { code: 'Poisoned', message: 'm', action: 'a', owner: 'proxy operator' },
});

describe('a list row or a marker that was taken away', () => {
  it.each([
    ['of its status', ['st!']],
    ['of its rule', ['ru!']],
    ['of all lists, with its history and its marker', ['st!', 'ru!', 'all!', 'src!', 'dst!', 'by!', 'open!']],
  ])('%s keeps no check from its end', async (_, prefixes) => {
    const store = tableCheckStore(audit.tables.checks, randomUUID);
    const check = sampleCheck({ id: randomUUID(), decision: { ...sampleCheck().decision, rule: 'all' } });
    await store.insert(check);
    for (const prefix of prefixes)
      for (const { partitionKey, rowKey } of await rowsOf(prefix))
        await audit.tables.checks.deleteEntity(partitionKey, rowKey);
    // A check that ends by another rule leaves the list of the first one, too.
    const end = ended({ ...check, decision: { ...check.decision, rule: 'no-pci', allowed: false } });
    expect(await store.replace((await store.find(check.id))!, end)).toMatchObject({ check: { status: 'Failed' } });
    const list = tableCheckList({ checks: audit.tables.checks, now });
    const inList = async (statuses: EndedCheck['status'][]) =>
      (await list.page({ statuses }, 10)).checks.map(({ id }) => id);
    expect(await inList(['Failed'])).toEqual([check.id]);
    expect(await rowsOf('st!NotStarted')).toEqual([]);
    expect(await rowsOf('open!')).toEqual([]);
  });

  it('keeps no step of a check waiting that lost its race all the same', async () => {
    const store = tableCheckStore(audit.tables.checks, randomUUID);
    const check = sampleCheck({ id: randomUUID() });
    await store.insert(check);
    const before = (await store.find(check.id))!;
    const [row] = await rowsOf('st!');
    await audit.tables.checks.deleteEntity(row!.partitionKey, row!.rowKey);
    await store.replace(before, ended(check));
    expect(await store.replace(before, ended(check))).toBeUndefined();
  });

  it('keeps no set from being over', async () => {
    const sets = tableSetStore(audit.tables.checks, randomUUID);
    const caller = sampleCaller();
    const set = {
      ...{ id: randomUUID(), caller, origin: sampleCheck().origin, createdAt: sampleTime, total: 0 },
      ...{ proof: 'p', dueAt: sampleTime, open: true },
    };
    await sets.insert(set, [], 0);
    await audit.tables.checks.deleteEntity(shardOf(set.id), setMarkers.keyOf(set.id));
    expect(await sets.replace((await sets.find(set.id))!, { ...set, open: false }, 0)).toBeDefined();
  });
});

describe('a set of which a row was garbled', () => {
  it.each<[string, object]>([
    ['to say nothing', {}],
    ['to be no JSON', { fixed: '{', request: '{', state: '{' }],
    ['to have no state', { fixed: '{}', request: '{}' }],
  ])('%s ends, with all others of its members', async (_, columns) => {
    const sets = tableSetStore(audit.tables.checks, randomUUID);
    const world = setWorld({ sets, store: tableCheckStore(audit.tables.checks, randomUUID) });
    const { set } = await world.create(setOf(productOf(['a'], range(7))));
    await put({ partitionKey: shardOf(set.id), rowKey: `set!${set.id}!005`, ...columns });
    world.advance(100);
    expect(await stepSet(world.deps, set.id)).toBe('begun');
    const stored = (await sets.find(set.id))!;
    const { counts, checks } = viewOfSet(stored.set, stored.members);
    // Five had begun; one waited beside the row that is none.
    expect(counts).toMatchObject({ failed: 1 });
    expect(checks.at(-1)?.error?.code).toBe('NotAsAccepted');
    expect(await rowsOf('openset!')).toEqual([]);
  });
});

describe('a column with the name of what storage says of a row', () => {
  it.each(['etag', 'partitionKey', 'rowKey', 'timestamp'])('%s keeps no check from its end', async (name) => {
    const store = tableCheckStore(audit.tables.checks, randomUUID);
    const check = sampleCheck({ id: randomUUID() });
    await store.insert(check);
    // The client library cannot write some of them; anything else can.
    await rawMerge(audit.tables.checks, shardOf(check.id), `check!${check.id}`, { [name]: 'W/"x"' });
    expect(await store.replace((await store.find(check.id))!, ended(check))).toMatchObject({ check: { id: check.id } });
  });

  it.each(['etag', 'partitionKey', 'rowKey'])('%s keeps no open check from being woken', async (name) => {
    const check = sampleCheck({ id: randomUUID(), dueAt: at(-600).toISOString() });
    await tableCheckStore(audit.tables.checks, randomUUID).insert(check);
    await rawMerge(audit.tables.checks, shardOf(check.id), `open!${check.id}`, { [name]: 'open!x' });
    const woken: string[] = [];
    for (const ids of tableOverdueChecks(audit.tables.checks).claim(now())) for await (const id of ids) woken.push(id);
    expect(woken).toEqual([check.id]);
  });
});

describe('pauses', () => {
  const minutes = (count: number): string[] =>
    Array.from({ length: count }, (_, minute) => minuteOf(new Date(Date.parse(sampleTime) + minute * 60_000)));

  it('that never were give a check no more time, and the log is told', async () => {
    const forged = await sampleProofs().prove('pause', minutes(1)[0]);
    await tablePauses(audit.tables.checks, audit.proofs).note(new Date(sampleTime));
    const [own] = await rowsOf('20');
    for (const [index, rowKey] of minutes(300).entries())
      // Rows of nothing, of another's key, and the proxy's own of another minute.
      if (index > 0)
        await put({ partitionKey: 'pauses', rowKey, ...[{}, forged, { proof: own!['proof'] }][index % 3] });
    const proxy = memoryProxy(
      { begin: [{ kind: 'running', operationUrl: 'u', afterSeconds: 1, arm: {} }] },
      { pauses: tablePauses(audit.tables.checks, audit.proofs), deadlines: { queueSeconds: 600, checkSeconds: 600 } },
    );
    const check = sampleCheck();
    await proxy.accept(check);
    proxy.advance(659);
    // The minute that was paused counts.
    await proxy.store.replace((await proxy.store.find(check.id))!, { ...check, dueAt: at(1e9).toISOString() });
    expect(await step(proxy.deps, check.id)).toBe('early');
    proxy.advance(2);
    expect(await step(proxy.deps, check.id)).toBe('Failed');
    expect(audit.passedOver.at(-1)).toMatch(/^\d+ rows .*pauses did not come from the proxy/);
  });

  it('that were noted before the key was replaced still count', async () => {
    await tablePauses(audit.tables.checks, audit.proofs).note(at(0));
    expect(await tablePauses(audit.tables.checks, audit.proofs).secondsBetween(at(-60), at(60))).toBe(60);
  });
});

describe('a list of machines that somebody wrote', () => {
  const listing: Kept['listing'] = {
    at: sampleTime,
    unreadable: [],
    sources: [
      {
        ...{ name: 'web-01', kind: 'virtualMachine', resourceId: webVm, resourceGroup: 'g', subscription: 's' },
        ...{ region: 'westeurope', state: 'running', agent: 'present', watcher: 'present' },
      },
    ],
  };
  const kept = { scope: 'x', listing };
  const store = () => tableListingStore(audit.tables.checks, audit.proofs);

  it('is none, whatever it says, and the log names it', async () => {
    await store().write(kept);
    expect(await store().read()).toEqual(kept);
    const [own] = await rowsOf('listing');
    const source = listing.sources[0]!;
    const forgeries: object[] = [
      { ...kept, listing: { ...listing, sources: [{ ...source, name: 'db-01' }] } },
      { ...kept, listing: { ...listing, sources: [{ ...source, name: '\u001b[2Jweb-01' }] } },
      { ...kept, listing: { ...listing, at: '2200-01-01T00:00:00.000Z' } },
      { ...kept, listing: { ...listing, notBefore: '2200-01-01T00:00:00.000Z' } },
    ];
    for (const forgery of forgeries) {
      const text = JSON.stringify(forgery);
      for (const proof of [own!['proof'], undefined, (await sampleProofs().prove('sources', text)).proof]) {
        const columns = { ...(await toAnswerProperties(text)), ...(proof !== undefined && { proof }) };
        await put({ partitionKey: 'sources', rowKey: 'listing', ...columns });
        expect(await store().read()).toBeUndefined();
      }
    }
    expect(audit.passedOver).toHaveLength(12);
    expect(audit.passedOver[0]).toContain('sources/listing');
    await store().write(kept);
    expect(await store().read()).toEqual(kept);
  });
});
