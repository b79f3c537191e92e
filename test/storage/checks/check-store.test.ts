import { createPublicKey, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { MOST_RESULT_BYTES } from '../../../src/arm/most-result-bytes.ts';
import { parseSigningKey } from '../../../src/audit/checkpoint/signing-key.ts';
import type { Check, EndedCheck, WaitingCheck } from '../../../src/check/state/check.ts';
import type { CheckStore } from '../../../src/check/ports/check-store.ts';
import type { OverdueChecks } from '../../../src/check/ports/overdue-checks.ts';
import { sweep } from '../../../src/check/sweep.ts';
import { answerKey, checkKey, checkMarkers, setMarkers, shardOf } from '../../../src/storage/table/check-keys.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableOverdueChecks } from '../../../src/storage/checks/table-overdue-checks.ts';
import { memoryCheckQueue, memoryCheckStore, memoryPauses } from '../../support/memory/memory-storage.ts';
import { newSigningKey } from '../../support/new-signing-key.ts';
import { sampleCheck, sampleTime } from '../../support/samples.ts';
import { numRuns } from '../../support/run/num-runs.ts';

type Adapter = CheckStore & OverdueChecks;

function newTable() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  return connections.table(`checks${randomUUID().replaceAll('-', '')}`);
}

function azurite(table = newTable()): Adapter {
  return { ...tableCheckStore(table, randomUUID), ...tableOverdueChecks(table) };
}

const newCheck = (changes: Partial<WaitingCheck> = {}): Check => sampleCheck({ id: randomUUID(), ...changes });

function succeeded(check: Check): EndedCheck {
  const { dueAt, ...rest } = check;
  const verdict = { summary: 's', reachability: 'Reachable', reasons: [] } as const;
  return {
    ...rest,
    dueAt,
    status: 'Succeeded',
    startedAt: sampleTime,
    finishedAt: sampleTime,
    verdict: { ...verdict, reasons: [] },
  };
}

const later = (seconds: number): Date => new Date(Date.parse(sampleTime) + seconds * 1000);

async function collect(streams: readonly AsyncIterable<string>[]): Promise<string[]> {
  const all: string[] = [];
  for (const ids of streams) for await (const id of ids) all.push(id);
  return all.sort();
}

describe.each([
  ['in memory', memoryCheckStore],
  ['on Azure Table storage', () => azurite()],
])('a check store %s', (_name, create) => {
  let store: Adapter;
  beforeAll(() => {
    store = create();
  });

  it('finds nothing before anything was inserted', async () => {
    expect(await store.find(randomUUID())).toBeUndefined();
    expect(await store.answer(randomUUID())).toBeUndefined();
  });

  it('gives back what was inserted, and inserts an id once', async () => {
    const check = newCheck();
    expect(await store.insert(check)).toBe(true);
    expect(await store.insert({ ...check, reason: 'another' })).toBe(false);
    expect((await store.find(check.id))?.check).toEqual(check);
  });

  it('lets one of many writers of the same version win', async () => {
    const check = newCheck();
    await store.insert(check);
    const stored = (await store.find(check.id))!;
    const writes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.replace(stored, { ...check, retries: i + 1 })),
    );
    const winners = writes.filter((write) => write !== undefined);
    expect(winners).toHaveLength(1);
    expect((await store.find(check.id))?.check).toEqual(winners[0]?.check);
  });

  it('answers the version under which the next write is accepted', async () => {
    const check = newCheck();
    await store.insert(check);
    const first = await store.replace((await store.find(check.id))!, { ...check, retries: 1 });
    const second = await store.replace(first!, { ...check, retries: 2 });
    expect(second?.check.retries).toBe(2);
    expect((await store.find(check.id))?.version).toBe(second?.version);
  });

  it('keeps an answer of any text to the letter, with the state in the same write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 5000 }), async (text) => {
        const check = newCheck();
        await store.insert(check);
        await store.replace((await store.find(check.id))!, succeeded(check), text);
        expect(await store.answer(check.id)).toBe(text);
        expect((await store.find(check.id))?.check.status).toBe('Succeeded');
      }),
      { numRuns: numRuns(20) },
    );
  });

  it('keeps no answer of a writer who lost', async () => {
    const check = newCheck();
    await store.insert(check);
    const stored = (await store.find(check.id))!;
    await store.replace(stored, { ...check, retries: 1 });
    expect(await store.replace(stored, succeeded(check), 'late')).toBeUndefined();
    expect(await store.answer(check.id)).toBeUndefined();
  });

  it('keeps an answer of several hundred kilobytes and a request of 64 KiB whole', async () => {
    const big = newCheck({
      request: { ...sampleCheck().request, destination: { address: `http://x/${'é'.repeat(60_000)}` } },
    });
    const hops = JSON.stringify(
      Array.from({ length: 2000 }, () => ({
        id: randomUUID(),
        address: '10.0.0.1',
        resourceId: randomUUID().repeat(5),
      })),
    );
    expect(hops.length).toBeGreaterThan(400_000);
    await store.insert(big);
    await store.replace((await store.find(big.id))!, succeeded(big), hops);
    expect(await store.answer(big.id)).toBe(hops);
    expect((await store.find(big.id))?.check.request).toEqual(big.request);
  });
});

describe.each([
  ['in memory', memoryCheckStore],
  ['on Azure Table storage', () => azurite()],
])('overdue checks %s', (_name, create) => {
  it('are those that nothing has moved for half a minute after they were due', async () => {
    const store = create();
    const [due, notDue, ended] = [newCheck(), newCheck({ dueAt: later(100).toISOString() }), newCheck()];
    for (const check of [due, notDue, ended]) await store.insert(check);
    await store.replace((await store.find(ended.id))!, succeeded(ended));
    expect(await collect(store.claim(later(29)))).toEqual([]);
    expect(await collect(store.claim(later(31)))).toEqual([due.id]);
  });

  it('are answered to one sweeper only, at growing intervals, until a step moves them', async () => {
    const store = create();
    const check = newCheck();
    await store.insert(check);
    const both = await Promise.all([collect(store.claim(later(31))), collect(store.claim(later(31)))]);
    expect(both.flat()).toEqual([check.id]);
    const seen: number[] = [];
    for (let minute = 1; minute <= 20; minute++) {
      if ((await collect(store.claim(later(31 + minute * 60 + 1)))).length > 0) seen.push(minute);
    }
    expect(seen).toEqual([1, 4, 9, 18]);
    await store.replace((await store.find(check.id))!, { ...check, dueAt: later(3600).toISOString() });
    expect(await collect(store.claim(later(3631)))).toEqual([check.id]);
  });

  it('stay overdue while the last event of an ended check is pendingEvent', async () => {
    const store = create();
    const check = newCheck();
    await store.insert(check);
    const event = {
      id: randomUUID(),
      time: sampleTime,
      action: 'finished',
      checkId: check.id,
      requester: check.caller.requester,
      deputy: 'd',
      sourceAddress: 'a',
      target: {},
      decision: check.decision,
      requestId: 'r',
    } as const;
    await store.replace((await store.find(check.id))!, { ...succeeded(check), audited: 2, pendingEvent: event });
    expect(await collect(store.claim(later(31)))).toEqual([check.id]);
    await store.replace((await store.find(check.id))!, { ...succeeded(check), audited: 2 });
    expect(await collect(store.claim(later(100_000)))).toEqual([]);
  });

  it('are woken up to the bound of one run, and the rest by the next', async () => {
    const store = create();
    const queue = memoryCheckQueue();
    const checks = Array.from({ length: 40 }, () => newCheck());
    for (const check of checks) await store.insert(check);
    const deps = { overdue: store, queue, paused: false, pauses: memoryPauses(), now: () => later(31) };
    // Streams run side by side: each can be one over.
    expect(await sweep(deps, 10)).toBeLessThan(26);
    expect(queue.sent.length).toBeGreaterThanOrEqual(10);
    await sweep(deps);
    expect(await sweep(deps)).toBe(0);
    expect(queue.sent.map(({ checkId }) => checkId).sort()).toEqual(checks.map(({ id }) => id).sort());
  });
});

describe('a marker', () => {
  it.each([
    ['check', checkMarkers],
    ['set', setMarkers],
  ])('of a %s that is not there is woken for an hour, and then removed and told', async (_, of) => {
    const table = newTable();
    await table.createTable();
    const id = randomUUID();
    await table.createEntity({ partitionKey: shardOf(id), rowKey: of.keyOf(id), dueAt: sampleTime, sweeps: 0 });
    const told: string[] = [];
    const claim = (now: Date) => collect(tableOverdueChecks(table, of).claim(now, (each) => told.push(each)));
    expect(await claim(later(31))).toEqual([id]);
    expect([await claim(later(1900)), told]).toEqual([[id], []]);
    expect([await claim(later(5000)), told]).toEqual([[], [id]]);
    expect([await claim(later(100_000)), told]).toEqual([[], [id]]);
  });

  it('of a check that is there stays, however long nothing moves it', async () => {
    const store = azurite();
    const check = newCheck();
    await store.insert(check);
    const told: string[] = [];
    expect(await collect(store.claim(later(100_000), (id) => told.push(id)))).toEqual([check.id]);
    expect(await collect(store.claim(later(200_000), (id) => told.push(id)))).toEqual([check.id]);
    expect(told).toEqual([]);
  });
});

describe('a signature', () => {
  const keyOf = (pem: string) => parseSigningKey(pem)!;
  it('is of the row as it stands, and of its own key', async () => {
    const table = newTable();
    const [former, stranger] = [newSigningKey(), newSigningKey()];
    const publicOf = createPublicKey(former).export({ type: 'spki', format: 'pem' }).toString();
    const store = tableCheckStore(table, randomUUID, keyOf(former));
    const check = newCheck();
    await store.insert(check);
    const signed = await store.find(check.id);
    expect(signed).toEqual({ check, version: signed?.version });
    const rotated = tableCheckStore(table, randomUUID, keyOf(newSigningKey() + publicOf));
    expect((await rotated.find(check.id))?.unsigned).toBeUndefined();
    expect(await tableCheckStore(table, randomUUID, keyOf(stranger)).find(check.id)).toMatchObject({ unsigned: true });
    await table.updateEntity({
      partitionKey: shardOf(check.id),
      rowKey: checkKey(check.id),
      check: JSON.stringify({ ...check, reason: 'x' }),
    });
    const changed = (await store.find(check.id))!;
    expect(changed).toMatchObject({ check: { reason: 'x' }, unsigned: true });
    await store.replace(changed, { ...changed.check, reason: 'y' });
    expect(await store.find(check.id)).toMatchObject({ check: { reason: 'y' }, unsigned: true });
    await store.replace({ ...(await store.find(check.id))!, unsigned: undefined }, check);
    expect((await store.find(check.id))?.unsigned).toBeUndefined();
  });
});

describe('an answer', () => {
  it('that is larger than any that is read from Azure is not unpacked', async () => {
    const table = newTable();
    const [store, check] = [azurite(table), newCheck()];
    await store.insert(check);
    const body = gzipSync(Buffer.alloc(MOST_RESULT_BYTES + 1, ' '));
    await table.createEntity({ partitionKey: shardOf(check.id), rowKey: answerKey(check.id), body });
    await expect(store.answer(check.id)).rejects.toMatchObject({ code: 'InternalError' });
    const most = gzipSync(Buffer.alloc(MOST_RESULT_BYTES, ' '));
    await table.updateEntity({ partitionKey: shardOf(check.id), rowKey: answerKey(check.id), body: most });
    expect(await store.answer(check.id)).toHaveLength(MOST_RESULT_BYTES);
  });
});

describe('a check store on Azure Table storage', () => {
  it('refuses an answer that does not fit an entity, and writes nothing', async () => {
    const store = azurite();
    const check = newCheck();
    await store.insert(check);
    const incompressible = Array.from({ length: 80_000 }, () => randomUUID()).join('');
    await expect(store.replace((await store.find(check.id))!, succeeded(check), incompressible)).rejects.toMatchObject({
      code: 'ResultTooLarge',
    });
    expect((await store.find(check.id))?.check).toEqual(check);
  });
});
