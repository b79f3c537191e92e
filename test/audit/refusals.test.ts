import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { summariseRefusals } from '../../src/audit/summarise-refusals.ts';
import { submit } from '../../src/check/submit.ts';
import { connect } from '../../src/storage/table/connect.ts';
import { tableRefusalCounts } from '../../src/storage/audit/table-refusal-counts.ts';
import { requesterOf, sampleEvent } from '../support/azurite-audit.ts';
import { memoryProxy, policyOf, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { memoryRefusalCounts } from '../support/memory/memory-storage.ts';
import { sampleCaller } from '../support/samples.ts';
import { sampleProofs } from '../support/sample-proofs.ts';

function azurite() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  return tableRefusalCounts(connections.table(`checks${randomUUID().replaceAll('-', '')}`), sampleProofs());
}

describe.each([
  ['in memory', memoryRefusalCounts],
  ['on Azure Table storage', azurite],
])('counts of refusals %s', (_name, create) => {
  it('are one a requester and minute, also where requests race, until they are forgotten', async () => {
    const counts = create();
    expect(await counts.before(new Date('2026-03-01T10:02:00Z'))).toEqual({ counts: [], malformed: [] });
    const refused = (user: string, time: string) =>
      sampleEvent({ action: 'refused', requester: requesterOf(user), time });
    await Promise.all(Array.from({ length: 8 }, () => counts.add(refused('alice', '2026-03-01T10:00:10.000Z'))));
    await counts.add(refused('alice', '2026-03-01T10:01:10.000Z'));
    await counts.add(refused('bob', '2026-03-01T10:00:59.000Z'));
    const { counts: found } = await counts.before(new Date('2026-03-01T10:01:30Z'));
    const seen = found.map(({ minute, count, event }) => [event.requester.name, minute, count]);
    expect(seen.sort()).toEqual([
      ['alice', '2026-03-01T10:00', 8],
      ['bob', '2026-03-01T10:00', 1],
    ]);
    for (const each of found) await counts.forget(each);
    expect((await counts.before(new Date('2026-03-01T10:02:00Z'))).counts.map(({ minute }) => minute)).toEqual([
      '2026-03-01T10:01',
    ]);
  });
});

describe('refusals beyond 60 a minute', () => {
  it('share one event a requester and minute, which says how many they were', async () => {
    const proxy = memoryProxy({}, { policy: policyOf([]) });
    const refuse = (user: string) =>
      expect(submit(proxy.deps, ...sampleSubmission({ caller: sampleCaller(user) }))).rejects.toMatchObject({
        code: 'PolicyRefused',
      });
    for (let i = 0; i < 200; i++) await refuse('alice');
    await refuse('bob');
    expect(proxy.audit.events().map(({ requester }) => requester.name)).toEqual([
      ...Array<string>(60).fill('alice'),
      'bob',
    ]);
    proxy.advance(60);
    expect(await summariseRefusals(proxy.deps)).toEqual({ count: 0, warnings: [] });
    proxy.advance(120);
    await refuse('alice');
    expect(await summariseRefusals(proxy.deps)).toEqual({ count: 1, warnings: [] });
    expect(await summariseRefusals(proxy.deps)).toEqual({ count: 0, warnings: [] });
    const summary = proxy.audit.events().at(-1);
    expect(summary).toMatchObject({
      action: 'refused',
      requester: { name: 'alice' },
      time: '2026-03-01T10:00:59.999Z',
      target: {},
      outcome: { code: 'Repeated', count: 140 },
    });
    expect(proxy.audit.events()).toHaveLength(63);
  });

  it('are summed up once where a crash comes before the count is forgotten', async () => {
    const proxy = memoryProxy();
    await proxy.deps.refusals.add(sampleEvent({ action: 'refused', checkId: undefined }));
    proxy.advance(300);
    const forget = () => Promise.reject(new Error('crash'));
    const crashing = { ...proxy.deps, refusals: { ...proxy.deps.refusals, forget } };
    await expect(summariseRefusals(crashing)).rejects.toThrow('crash');
    await summariseRefusals(proxy.deps);
    expect(proxy.audit.events().map(({ outcome }) => outcome)).toEqual([{ code: 'Repeated', count: 1 }]);
  });

  it('are counted also where they come all at once', async () => {
    const proxy = memoryProxy({}, { policy: policyOf([]) });
    const burst = Array.from({ length: 40 }, () => submit(proxy.deps, ...sampleSubmission()).catch(() => undefined));
    await Promise.all(burst);
    await Promise.all(
      Array.from({ length: 40 }, () => submit(proxy.deps, ...sampleSubmission()).catch(() => undefined)),
    );
    expect(proxy.actions().filter((action) => action === 'refused')).toHaveLength(60);
  });
});
