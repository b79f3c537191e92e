import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { endedCheckOf, isFailure } from '../../../src/check/flow/ended-check.ts';
import { type Question, questionOf } from '../../../src/check/flow/question.ts';
import type { CheckStore } from '../../../src/check/ports/check-store.ts';
import type { Check } from '../../../src/check/state/check.ts';
import { randomIdFor } from '../../../src/check/state/check-id.ts';
import { reachabilitySchema } from '../../../src/contract/verdict.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableFlowIndex } from '../../../src/storage/flows/table-flow-index.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { sampleEvent } from '../../support/azurite-audit.ts';
import { memoryFlowIndex } from '../../support/memory/memory-flow-index.ts';
import { memoryCheckStore } from '../../support/memory/memory-storage.ts';
import { numRuns } from '../../support/run/num-runs.ts';
import { sampleCaller, sampleCheck, sampleTime, webVm } from '../../support/samples.ts';

function onTables() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  const table = connections.table(`checks${randomUUID().replaceAll('-', '')}`);
  return { store: tableCheckStore(table, randomUUID), index: tableFlowIndex(table, { tellGarbled: () => undefined }) };
}

function inMemory() {
  const store = memoryCheckStore();
  return { store, index: memoryFlowIndex(store.rows) };
}

const cause = { code: 'Poisoned', message: 'm', action: 'a', owner: 'requester' } as const;

/** What is drawn of a check. */
const drawn = fc.record({
  user: fc.constantFrom('alice', 'bob', 'carol', 'dave'),
  source: fc.constantFrom(webVm, webVm.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')),
  destination: fc.constantFrom(
    { address: '10.1.2.4', port: 1433 },
    { address: '10.1.2.4', port: 22 },
    { address: 'https://shop.example.com/a' },
    { address: 'https://shop.example.com/A' },
    { address: 'https://shop.example.com/a', port: 443 },
  ),
  protocol: fc.constantFrom('Tcp' as const, 'Https' as const, undefined),
  end: fc.constantFrom(...reachabilitySchema.options, 'Failed' as const, 'Canceled' as const, 'open' as const),
  second: fc.nat({ max: 12 }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function checkOf({ user, source, destination, protocol, end, second }: Drawn): Check {
  const caller = sampleCaller(user);
  const id = randomIdFor(caller.requester.id, randomUUID());
  const waiting = sampleCheck({
    id,
    caller,
    request: { source: { resourceId: source }, destination, ...(protocol && { protocol }) },
  });
  const finishedAt = new Date(Date.parse(sampleTime) + second * 1000).toISOString();
  if (end === 'open') return waiting;
  if (end === 'Canceled') return { ...waiting, status: end, finishedAt };
  if (end === 'Failed')
    return { ...waiting, status: end, finishedAt, error: { code: 'Poisoned', message: 'm' }, cause };
  const verdict = { summary: 's', reachability: end, reasons: [] };
  return { ...waiting, status: 'Succeeded', startedAt: sampleTime, finishedAt, verdict };
}

/** As the worker writes it: first open, then ended. */
async function keep(store: CheckStore, check: Check): Promise<void> {
  const { id, caller, request } = check;
  await store.insert(sampleCheck({ id, caller, request }));
  const found = await store.find(id);
  if (found && check.status !== 'NotStarted') expect(await store.replace(found, check)).toBeDefined();
}

describe.each([
  ['tables', onTables, 8],
  ['memory', inMemory, 200],
] as const)('the index of flows, in %s,', (_where, create, runs) => {
  it('answers exactly the checks that are asked for, in their order, however they are spread', async () => {
    const time = fc.option(fc.nat({ max: 13 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.array(drawn, { minLength: 1, maxLength: 24 }),
        time,
        fc.integer({ min: 1, max: 30 }),
        async (many, bound, most) => {
          const { store, index } = create();
          const checks = many.map(checkOf);
          for (const check of checks) await keep(store, check);
          const ended = checks.flatMap((check) => endedCheckOf(check) ?? []);
          const at = bound === undefined ? undefined : new Date(Date.parse(sampleTime) + bound * 1000);
          const keyOf = (question: Question): string =>
            JSON.stringify([
              question.source.toLowerCase(),
              question.destination.address,
              question.port,
              question.protocol,
            ]);
          for (const question of checks.map(({ request }) => questionOf(request))) {
            const same = ended.filter((each) => keyOf(questionOf(each.request)) === keyOf(question));
            const before = same.filter((each) => at === undefined || new Date(each.at) < at);
            const times = (found: readonly { readonly at: string }[]) => found.map((each) => each.at);
            const newestFirst = (found: typeof same) => times(found).toSorted().reverse().slice(0, most);
            expect(times(await index.newest(question, 'all', most, at))).toEqual(newestFirst(before));
            const known = before.filter(({ reachability }) => reachability !== undefined);
            expect(times(await index.newest(question, 'withReachability', most, at))).toEqual(newestFirst(known));
            const good = before.filter(({ reachability }) => reachability === 'Reachable');
            expect(times(await index.newest(question, 'reachable', most, at))).toEqual(newestFirst(good));
            const bad = same.filter(
              (each) => isFailure(each.reachability) && (at === undefined || new Date(each.at) > at),
            );
            expect(times(await index.failures(question, most, at))).toEqual(times(bad).toSorted().slice(0, most));
            const ofPair = ended.filter(({ request }) => request.destination.address === question.destination.address);
            const wanted = new Set(ofPair.map(({ request }) => keyOf(questionOf(request))));
            const questions = await index.questions(question, 100);
            expect(new Set(questions.map(keyOf))).toEqual(wanted);
            expect(questions).toHaveLength(wanted.size);
          }
          const [one] = ended;
          if (one) expect(await index.newest(questionOf(one.request), 'all', 100)).toContainEqual(one);
        },
      ),
      { numRuns: numRuns(runs) },
    );
  }, 120_000);

  it('knows of a share that came after the end, and has the check once', async () => {
    const { store, index } = create();
    const check = checkOf({
      ...{ user: 'alice', source: webVm, destination: { address: '10.1.2.4', port: 22 }, protocol: 'Tcp' },
      ...{ end: 'Reachable', second: 1 },
    });
    await keep(store, check);
    const sharedWith = { until: '2026-04-01T00:00:00.000Z' };
    const found = await store.find(check.id);
    const event = sampleEvent({ checkId: check.id, action: 'shared' });
    expect(
      found && (await store.replace(found, { ...found.check, sharedWith, pendingEvent: event, audited: 2 })),
    ).toBeDefined();
    for (const which of ['all', 'reachable'] as const)
      expect(await index.newest(questionOf(check.request), which, 10)).toMatchObject([{ id: check.id, sharedWith }]);
  });
});
