import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { randomIdFor } from '../../../src/check/state/check-id.ts';
import type { CheckStore } from '../../../src/check/ports/check-store.ts';
import type { RequesterHistory } from '../../../src/check/ports/requester-history.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableRequesterHistory } from '../../../src/storage/checks/table-requester-history.ts';
import { memoryCheckStore } from '../../support/memory/memory-storage.ts';
import { sampleProofs } from '../../support/sample-proofs.ts';
import { sampleCaller, sampleCheck, sampleTime } from '../../support/samples.ts';

function azurite(): CheckStore & RequesterHistory {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  const table = connections.table(`checks${randomUUID().replaceAll('-', '')}`);
  return { ...tableCheckStore(table, randomUUID), ...tableRequesterHistory(table, sampleProofs()) };
}

const now = new Date(sampleTime);
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

function check(user: string, seconds: number, port: number, address = '10.1.2.4') {
  const caller = sampleCaller(user);
  const createdAt = ago(seconds).toISOString();
  const request = { ...sampleCheck().request, destination: { address, port } };
  return sampleCheck({ id: randomIdFor(caller.requester.id, randomUUID()), caller, createdAt, request });
}

describe.each([
  ['in memory', memoryCheckStore],
  ['on Azure Table storage', azurite],
])("a requester's history %s", (_name, create) => {
  it('has all of the last minute, newest first, and of those before it the open ones and those of the place', async () => {
    const store = create();
    const alice = sampleCaller('alice').requester.id;
    const checks = [
      check('alice', 5, 1),
      check('alice', 50, 2, 'other'),
      check('alice', 100, 3),
      check('alice', 200, 4, 'other'),
      check('alice', 300, 5, 'other'),
      check('bob', 5, 6),
      check('alice', 5000, 7),
    ];
    for (const each of checks) await store.insert(each);
    const ended = checks[4]!;
    await store.replace((await store.find(ended.id))!, { ...ended, status: 'Canceled', finishedAt: sampleTime });
    await store.addRefused(alice, ago(10), randomUUID(), false);
    await store.addRefused(alice, ago(20), randomUUID(), true);
    const refused = [ago(60), ago(15), ago(5)].map((since) => store.refusedSince(alice, since, 10));
    expect(await Promise.all([...refused, store.refusedSince(alice, ago(60), 1)])).toEqual([2, 1, 0, 1]);
    const found = await store.since(alice, ago(3600), now, '10.1.2.4');
    expect(
      found.map(({ at, open, destinationKey: place, ports, rule, overLimit }) => [
        (now.getTime() - at.getTime()) / 1000,
        open,
        place,
        ports,
        rule,
        overLimit,
      ]),
    ).toEqual([
      [5, true, '10.1.2.4', [1], 'all', undefined],
      [10, false, undefined, [], undefined, false],
      [20, false, undefined, [], undefined, true],
      [50, true, 'other', [2], 'all', undefined],
      [100, true, '10.1.2.4', [3], 'all', undefined],
      [200, true, 'other', [4], 'all', undefined],
    ]);
    expect((await store.since(alice, ago(3600), now)).map(({ ports }) => ports[0])).toEqual([
      1,
      undefined,
      undefined,
      2,
      3,
      4,
    ]);
  });

  it('is empty for somebody new', async () => {
    expect(await create().since('tenant/nobody', ago(3600), now, 'x')).toEqual([]);
  });
});
