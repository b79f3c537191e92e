import { randomUUID } from 'node:crypto';
import { RestError } from '@azure/data-tables';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { CheckStore } from '../../../src/check/ports/check-store.ts';
import type { OverdueChecks } from '../../../src/check/ports/overdue-checks.ts';
import { randomIdFor } from '../../../src/check/state/check-id.ts';
import type { SetStore, StoredSet } from '../../../src/set/ports/set-store.ts';
import type { CheckSet, Member } from '../../../src/set/state/set.ts';
import { assertNoneStalled } from '../../../src/storage/checks/assert-none-stalled.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableOverdueChecks } from '../../../src/storage/checks/table-overdue-checks.ts';
import { tableSetStore } from '../../../src/storage/sets/table-set-store.ts';
import { setMarkers } from '../../../src/storage/table/check-keys.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { memoryCheckStore } from '../../support/memory/memory-storage.ts';
import { productOf, range } from '../../support/memory/set-world.ts';
import { sampleCaller, sampleCheck, sampleTime } from '../../support/samples.ts';

interface Adapter {
  readonly sets: SetStore;
  readonly store: CheckStore;
  readonly overdue: OverdueChecks;
}

function newTable() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  return connections.table(`checks${randomUUID().replaceAll('-', '')}`);
}

function azurite(): Adapter {
  const table = newTable();
  return {
    sets: tableSetStore(table, randomUUID),
    store: tableCheckStore(table, randomUUID),
    overdue: tableOverdueChecks(table, setMarkers),
  };
}

function memory(): Adapter {
  const store = memoryCheckStore();
  return { sets: store.sets, store, overdue: store.overdueSets };
}

function newSet(name = 'alice', changes: Partial<CheckSet> = {}): CheckSet {
  const caller = sampleCaller(name);
  return {
    id: randomIdFor(caller.requester.id, randomUUID()),
    caller,
    origin: sampleCheck().origin,
    createdAt: sampleTime,
    total: 1,
    proof: 'proof',
    dueAt: sampleTime,
    open: true,
    ...changes,
  };
}

const secret = 'x'.repeat(70_000);
const membersOf = (count: number): Member[] =>
  productOf(['a'], range(count)).map((request, index) => ({
    index,
    request: {
      ...request,
      protocolConfiguration: { HTTPConfiguration: { headers: [{ name: 'X-Key', value: index === 0 ? secret : 'k' }] } },
    },
    reason: `reason ${index}`,
    state: { kind: 'waiting' },
  }));

const checkOf = ({ set, members }: StoredSet, index: number) =>
  sampleCheck({
    id: randomIdFor(set.caller.requester.id, randomUUID()),
    caller: set.caller,
    request: members[index]!.request,
    member: { setId: set.id, index },
  });

const later = (seconds: number): Date => new Date(Date.parse(sampleTime) + seconds * 1000);

async function collect(streams: readonly AsyncIterable<string>[]): Promise<string[]> {
  const all: string[] = [];
  for (const ids of streams) for await (const id of ids) all.push(id);
  return all;
}

describe.each([
  ['in memory', memory],
  ['on Azure Table storage', azurite],
])('a set store %s', (_name, create) => {
  let adapter: Adapter;
  beforeAll(() => {
    adapter = create();
  });

  const kept = async (members = membersOf(3), set = newSet()): Promise<StoredSet> => {
    await adapter.sets.insert(set, members, members.length);
    return (await adapter.sets.find(set.id))!;
  };

  it('gives back two hundred members in the order asked, with texts that are longer than a column', async () => {
    const set = newSet();
    const members = membersOf(200);
    expect(await adapter.sets.find(set.id)).toBeUndefined();
    expect(await adapter.sets.insert(set, members, 200)).toBe(set.id);
    const found = await adapter.sets.find(set.id);
    expect(found?.set).toEqual(set);
    expect(found?.members).toMatchObject(members);
    expect(found?.members).toHaveLength(200);
  });

  it('keeps the first of racing sets of one key', async () => {
    const key = randomIdFor(sampleCaller().requester.id, randomUUID());
    expect(await adapter.sets.idOfKey(key)).toBeUndefined();
    const sets = Array.from({ length: 5 }, () => newSet());
    const ids = await Promise.all(sets.map((set) => adapter.sets.insert(set, membersOf(2), 2, key)));
    expect(new Set(ids).size).toBe(1);
    expect(await adapter.sets.idOfKey(key)).toBe(ids[0]);
    expect((await adapter.sets.find(ids[0]!))?.members).toHaveLength(2);
    for (const { id } of sets) if (id !== ids[0]) expect(await adapter.sets.find(id)).toBeUndefined();
  });

  it('shows a check in its set from its first write to its end, in the transactions of the check', async () => {
    const stored = await kept();
    const check = checkOf(stored, 0);
    expect(await adapter.store.insert(check, stored.members[0]!.version)).toBe(true);
    const begun = (await adapter.sets.find(stored.set.id))!;
    expect(begun.members[0]?.state).toMatchObject({ kind: 'check', id: check.id, status: 'NotStarted' });
    expect(JSON.stringify(begun)).not.toContain(secret.slice(0, 50));
    expect(begun.members[0]).toMatchObject({ reason: 'reason 0' });
    const verdict = { summary: 'It can.', reachability: 'Reachable', reasons: [] } as const;
    const end = { ...check, status: 'Succeeded', startedAt: sampleTime, finishedAt: sampleTime, verdict } as const;
    const before = (await adapter.store.find(check.id))!;
    expect(await adapter.store.replace(before, { ...end, verdict: { ...verdict, reasons: [] } })).toBeDefined();
    const ended = (await adapter.sets.find(stored.set.id))!;
    expect(ended.members[0]?.state).toMatchObject({
      status: 'Succeeded',
      reachability: 'Reachable',
      sentence: 'It can.',
    });
    expect(ended.members.slice(1).map(({ state }) => state.kind)).toEqual(['waiting', 'waiting']);
  });

  it('inserts no check for a member that has moved on, and ends no member that is a check', async () => {
    const stored = await kept();
    const [first, second, third] = stored.members;
    const state = { kind: 'ended', status: 'Canceled', sentence: 'Canceled.' } as const;
    expect(await adapter.sets.endMembers(stored.set, [{ member: first!, state }])).toBe(true);
    expect(await adapter.store.insert(checkOf(stored, 0), first!.version)).toBe(false);
    expect(await adapter.store.insert(checkOf(stored, 1), second!.version)).toBe(true);
    const both = [second!, third!].map((member) => ({ member, state }));
    expect(await adapter.sets.endMembers(stored.set, both)).toBe(false);
    const found = (await adapter.sets.find(stored.set.id))!;
    expect(found.members.map((member) => member.state.kind)).toEqual(['ended', 'check', 'waiting']);
    expect(JSON.stringify(found)).not.toContain(secret.slice(0, 50));
  });

  it('lets one of many writers of the same version win', async () => {
    const stored = await kept();
    const writes = await Promise.all(
      range(6).map((i) => adapter.sets.replace(stored, { ...stored.set, dueAt: later(i).toISOString() }, i)),
    );
    const winners = writes.filter((write) => write !== undefined);
    expect(winners).toHaveLength(1);
    expect((await adapter.sets.find(stored.set.id))?.set).toEqual(winners[0]?.set);
    expect(await adapter.sets.replace(winners[0]!, { ...winners[0]!.set, open: false }, 0)).toBeDefined();
  });

  it('has a set swept as long as it is open, at growing intervals', async () => {
    const own = create();
    const set = newSet();
    await own.sets.insert(set, membersOf(1), 1);
    expect(await collect(own.overdue.claim(later(20)))).toEqual([]);
    expect(await collect(own.overdue.claim(later(31)))).toEqual([set.id]);
    expect(await collect(own.overdue.claim(later(32)))).toEqual([]);
    expect(await collect(own.overdue.claim(later(95)))).toEqual([set.id]);
    const stored = (await own.sets.find(set.id))!;
    await own.sets.replace(stored, { ...set, open: false }, 0);
    expect(await collect(own.overdue.claim(later(9999)))).toEqual([]);
  });

  it('counts what waits of one requester, and lists their sets, newest first', async () => {
    const own = create();
    const ids: string[] = [];
    for (const i of range(5)) {
      const set = newSet('carol', { createdAt: later(i).toISOString() });
      await own.sets.insert(set, membersOf(1), i);
      ids.unshift(set.id);
    }
    await own.sets.insert(newSet('dave'), membersOf(1), 100);
    const { id } = sampleCaller('carol').requester;
    expect(await own.sets.waitingOf(id, later(0))).toBe(15);
    expect(await own.sets.waitingOf(id, later(3.5))).toBe(9);
    const first = await own.sets.page(id, 2);
    expect(first.ids).toEqual(ids.slice(0, 2));
    const second = await own.sets.page(id, 2, first.next);
    expect(second.ids).toEqual(ids.slice(2, 4));
    const third = await own.sets.page(id, 2, second.next);
    expect(third).toEqual({ ids: ids.slice(4) });
    expect(await own.sets.page('nobody/nobody', 5)).toEqual({ ids: [] });
  });
});

it('a set whose last answer of storage was lost is kept, once', async () => {
  const table = newTable();
  let transactions = 0;
  table.pipeline.addPolicy(
    {
      name: 'lose the answer',
      sendRequest: async (request, next) => {
        const answer = await next(request);
        const isLast = request.url.endsWith('$batch') && ++transactions === 2;
        if (isLast) throw new RestError('The connection broke.', { statusCode: 400 });
        return answer;
      },
    },
    { afterPhase: 'Retry' },
  );
  const sets = tableSetStore(table, randomUUID);
  await table.createTable();
  const [set, key] = [newSet(), randomIdFor(sampleCaller().requester.id, randomUUID())];
  expect(await sets.insert(set, membersOf(3), 3, key)).toBe(set.id);
  expect(await sets.idOfKey(key)).toBe(set.id);
  expect(await sets.insert(newSet(), membersOf(3), 3, key)).toBe(set.id);
});

it('a set that was due for five minutes makes the app unready', async () => {
  const table = newTable();
  const set = newSet();
  await tableSetStore(table, randomUUID).insert(set, membersOf(1), 1);
  await assertNoneStalled(table, later(290));
  await expect(assertNoneStalled(table, later(301))).rejects.toThrow(`Set ${set.id}`);
});
