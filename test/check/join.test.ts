import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinKeyOf } from '../../src/check/join/join-key.ts';
import type { WaitingCheck } from '../../src/check/state/check.ts';
import { step } from '../../src/check/step.ts';
import { type Asker, type Befalling, crowd, type Plan } from '../support/memory/crowd.ts';
import { accepted, done, memoryProxy, operationUrlOf, policyOf, uuidOf } from '../support/memory/memory-proxy.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { sampleCaller, sampleCheck, watcherId } from '../support/samples.ts';
import { seededRandom } from '../support/seeded-random.ts';

const names = Array.from({ length: 20 }, (_, i) => `user-${i}`);
const [first = '', ...others] = names;
const askers = (ofFirst: Partial<Asker> = {}, ofOthers: Partial<Asker> = {}): Asker[] =>
  names.map((name) => ({ name, at: 0, ...(name === first ? ofFirst : ofOthers) }));

const hops = [{ type: 'Source' }, { type: 'VirtualNetwork', address: '10.99.1.1' }];
const body = JSON.stringify({ hops, connectionStatus: 'Reachable', probesSent: 1 });
/** To them the hop of the result is closed. */
const guest = { roles: ['Check.Request', 'Check.Admin'] };
const policy = policyOf([
  { id: 'all', effect: 'allow' },
  { id: 'closed', effect: 'deny', requesters: { roles: ['Check.Admin'] }, destinations: ['10.99.0.0/16'] },
]);

const slow: Plan = { postSeconds: 20, runSeconds: 60 };
type Crowd = Awaited<ReturnType<typeof crowd>>;

function expectEnds({ of, broken }: Crowd, ofFirst: object, ofOthers: object = { status: 'Succeeded' }): void {
  expect(of(first)).toMatchObject(ofFirst);
  for (const name of others) expect(of(name), name).toMatchObject(ofOthers);
  expect(broken).toEqual([]);
}

describe('twenty who ask the same at once', () => {
  it.each([
    ['that Azure takes its time for', slow],
    ['that Azure accepts at once', { runSeconds: 60 }],
    ['that Azure answers at once', { postSeconds: 0.5, runSeconds: 0 }],
    ['whose POST alone takes 20 s, and has the result', { postSeconds: 20, runSeconds: 0 }],
  ])('share one POST %s, each with a check and an audit of its own', async (_what, plan) => {
    const all = await crowd(askers(), { plans: [plan] });
    expect(all.posts).toHaveLength(1);
    expect(all.trail(first)).toEqual(['requested', 'started 1', 'finished']);
    for (const name of others) expect(all.trail(name)).toEqual(['requested', `started ${first}`, 'finished']);
    expect(new Set(names.map((name) => all.of(name).caller.requester.name))).toEqual(new Set(names));
    for (const { id } of all.proxy.store.rows()) expect(await all.proxy.store.answer(id)).toBeDefined();
    expectEnds(all, { status: 'Succeeded', attempts: 1, joined: undefined }, { status: 'Succeeded', attempts: 0 });
  });

  it.each([
    ['while its POST is under way', 10, 2],
    ['as soon as Azure has accepted it', 20.5, 1],
    ['when all share its run', 40, 1],
  ])('all get their results where the first is canceled %s', async (_when, cancelsAt, posts) => {
    const all = await crowd(askers({ cancelsAt }), { plans: [slow] });
    expect(all.posts).toHaveLength(posts);
    expectEnds(all, { status: 'Canceled' });
    expect(new Set(others.map((name) => all.trail(name).length))).toEqual(new Set([3]));
  });

  it('go on where one of those who share is canceled', async () => {
    const askedBy = names.map((name) => ({ name, at: 0, ...(name === 'user-7' && { cancelsAt: 40 }) }));
    const { posts, of, broken } = await crowd(askedBy, { plans: [slow] });
    expect(posts).toHaveLength(1);
    for (const name of names) expect(of(name).status).toBe(name === 'user-7' ? 'Canceled' : 'Succeeded');
    expect(broken).toEqual([]);
  });

  it.each([
    ['in time', slow, 1],
    // Nothing that a hop closes is kept, so nothing can be shared of an answer that came at once.
    ['at once', { postSeconds: 0.5, runSeconds: 0 }, 2],
  ])('all get their results where that of the first is withheld, and Azure answers %s', async (_when, plan, posts) => {
    const all = await crowd(askers(guest), { plans: [plan], body, changes: { policy } });
    expect(all.posts).toHaveLength(posts);
    expectEnds(all, { status: 'Failed', error: { code: 'PolicyRefused' } });
  });

  it('each have their own hops decision', async () => {
    const askedBy = names.map((name) => ({ name, at: 0, ...(name === 'user-3' && guest) }));
    const all = await crowd(askedBy, { plans: [slow], body, changes: { policy } });
    expect(all.posts).toHaveLength(1);
    for (const name of names) {
      expect(all.of(name).status).toBe(name === 'user-3' ? 'Failed' : 'Succeeded');
      expect(all.trail(name).at(-1)).toBe(name === 'user-3' ? 'failed' : 'finished');
    }
    expect(await all.proxy.store.answer(all.of('user-3').id)).toBeUndefined();
    expect(all.broken).toEqual([]);
  });

  it('POST for themselves where the operation failed, and end as that says', async () => {
    const all = await crowd(askers(), { plans: [{ ...slow, end: 'failed' }, slow] });
    expect(all.posts).toHaveLength(names.length);
    for (const name of others)
      expect(all.trail(name)).toEqual(['requested', `started ${first}`, 'started 1', 'finished']);
    expectEnds(all, { status: 'Failed', error: { code: 'AzureFailed' } });
  });

  it('POST for themselves, and no more than once, where every operation fails', async () => {
    const all = await crowd(askers(), { plans: [{ ...slow, end: 'failed' }] });
    expect(all.posts).toHaveLength(names.length);
    expectEnds(all, { status: 'Failed', attempts: 1 }, { status: 'Failed', attempts: 1 });
  });

  it('wait no longer than for the next look where Azure refused the POST, and POST for themselves', async () => {
    const all = await crowd(askers(), { plans: [{ postSeconds: 0.5, end: 'refused' }] });
    expect(all.posts).toHaveLength(names.length);
    expect(Math.max(...names.map(all.secondsUntilEnd))).toBe(1.5);
    expectEnds(all, { status: 'Failed', error: { code: 'AzureRefused' } }, { status: 'Failed' });
  });

  it('wait 30 s for a POST, and then for another one', async () => {
    const all = await crowd(askers(), {
      plans: [
        { postSeconds: 100, runSeconds: 0 },
        { postSeconds: 2, runSeconds: 0 },
      ],
    });
    expect(all.posts.map(({ at }) => at)).toEqual([0, 30]);
    expectEnds(all, { status: 'Succeeded' });
  });

  it('wait a minute at the most, with a dozen messages, where every POST takes longer', async () => {
    const all = await crowd(askers(), { plans: [{ postSeconds: 80, runSeconds: 0 }] });
    expect(all.posts.map(({ at }) => at)).toEqual([0, 30, ...others.slice(1).map(() => 60)]);
    expect(all.requests.filter((each) => each === 'send').length).toBeLessThanOrEqual(others.length * 12);
    expectEnds(all, { status: 'Succeeded' });
  });

  it('have the same time to be accepted in as without the wait', async () => {
    const deadlines = { queueSeconds: 15, checkSeconds: 600 };
    const plans = [{ postSeconds: 100, runSeconds: 0 }, { runSeconds: 0 }];
    const all = await crowd(askers(), { plans, changes: { deadlines } });
    expectEnds(all, { status: 'Succeeded' });
  });

  it('have the time for a POST of their own after a run that they shared has failed', async () => {
    const deadlines = { queueSeconds: 15, checkSeconds: 600 };
    const all = await crowd(askers(), {
      plans: [{ runSeconds: 90, end: 'failed' }, { runSeconds: 30 }],
      changes: { deadlines },
    });
    expectEnds(all, { status: 'Failed' });
  });
});

describe('a check', () => {
  const two = (at: number, of: Partial<Asker> = {}, plan: Plan = { postSeconds: 2, runSeconds: 60 }) =>
    crowd(
      [
        { name: 'alice', at: 0 },
        { name: 'bob', at, ...of },
      ],
      { plans: [plan] },
    );

  it.each([
    [0.5, 1],
    [4.9, 1],
    [5, 1],
    [5.1, 2],
    [30, 2],
  ])('asked for %d s after the POST of an equal one leads to %d POSTs', async (at, posts) => {
    const all = await two(at);
    expect(all.posts).toHaveLength(posts);
    expect(all.trail('bob')[1]).toBe(posts === 1 ? 'started alice' : 'started 1');
    expect(all.broken).toEqual([]);
  });

  it.each([
    ['4 s after a POST that takes 30 s', 4, 1],
    ['6 s after a POST that takes 30 s', 6, 2],
  ])('asked for %s leads to a new measurement only past 5 s', async (_when, at, posts) => {
    expect((await two(at, {}, { postSeconds: 29, runSeconds: 60 })).posts).toHaveLength(posts);
  });

  it('that had ended before is not joined', async () => {
    const all = await two(1, {}, { runSeconds: 0 });
    expect(all.posts).toHaveLength(2);
  });

  it('that ended while the other waited is joined for its answer', async () => {
    const all = await two(1, {}, { postSeconds: 3, runSeconds: 0 });
    expect(all.posts).toHaveLength(1);
    expect(all.trail('bob')).toEqual(['requested', 'started alice', 'finished']);
  });

  const { request } = sampleCheck();
  const withHeaders = {
    request: {
      ...request,
      protocol: 'Http' as const,
      protocolConfiguration: { HTTPConfiguration: { headers: [{ name: 'Accept', value: '*/*' }] } },
    },
  };

  it.each<[string, Partial<Asker>]>([
    ['is a rerun', { rerunOf: sampleCheck().id }],
    ['goes to another port', { asked: { request: { ...request, destination: { address: '10.1.2.4', port: 1434 } } } }],
    ['has another protocol', { asked: { request: { ...request, protocol: 'Http' } } }],
    ['prefers an IP version', { asked: { request: { ...request, preferredIPVersion: 'IPv4' } } }],
    ['names the network watcher', { asked: { networkWatcher: watcherId } }],
    ['has probe headers', { asked: withHeaders }],
  ])('that %s shares nothing with one that does not', async (_what, of) => {
    const all = await two(0, of);
    expect(all.posts).toHaveLength(2);
    expect(all.broken).toEqual([]);
  });

  it('that is a member of a set may share a run, and one of a set’s rerun may not', () => {
    const member = { setId: sampleCheck().id, index: 0 };
    expect(joinKeyOf(sampleCheck({ member }))).toBe(joinKeyOf(sampleCheck()));
    expect(joinKeyOf(sampleCheck({ member: { ...member, again: true } }))).toBeUndefined();
  });

  it.each<[string, Partial<Asker>]>([
    ['probe headers', { asked: withHeaders }],
    ['reruns', { rerunOf: sampleCheck().id }],
  ])('shares nothing with an equal one: %s', async (_what, of) => {
    const all = await crowd(
      [
        { name: 'alice', at: 0, ...of },
        { name: 'bob', at: 0, ...of },
      ],
      { plans: [slow] },
    );
    expect(all.posts).toHaveLength(2);
    expect(all.proxy.deps.runs).toMatchObject({ leaders: expect.any(Function) as unknown });
    expect(all.requests.filter((each) => each.endsWith('of run'))).toEqual([]);
  });

  it('is equal to one with another reason, callback and letter case of ids', () => {
    const key = (changes: Partial<WaitingCheck>) => joinKeyOf(sampleCheck({ networkWatcher: watcherId, ...changes }));
    const source = { resourceId: request.source.resourceId.toUpperCase() };
    expect(key({ reason: 'another', request: { ...request, source }, networkWatcher: watcherId.toUpperCase() })).toBe(
      key({}),
    );
    expect(key({ networkWatcher: undefined })).not.toBe(key({}));
  });

  it.each([
    ['another resource', `${watcherId}/connectionMonitors/one?api-version=2024-05-01`],
    ['another subscription', operationUrlOf(1).replace('00000000000a', '00000000000b')],
  ])('whose leader’s row names another place is not asked for there: %s', async (_what, path) => {
    const proxy = memoryProxy({ begin: [accepted], poll: [done] });
    const leader = sampleCheck({ id: uuidOf('leader'), attempts: 1 });
    const operationUrl = new URL(path, 'https://arm.example').href;
    await proxy.store.insert({ ...leader, status: 'Running', startedAt: leader.createdAt, operationUrl });
    const check = sampleCheck({ caller: sampleCaller('bob') });
    await proxy.deps.runs.note(joinKeyOf(check) ?? '', { checkId: leader.id, at: proxy.now() });
    await proxy.accept(check);
    await step(proxy.deps, check.id);
    await proxy.drain();
    expect(proxy.calls.map(({ kind, url }) => url ?? kind)).toEqual(['find', 'begin', operationUrlOf(1)]);
    expect(proxy.store.rows().find(({ id }) => id === check.id)).toMatchObject({ status: 'Succeeded', attempts: 1 });
  });

  it('gets no answer of a check that asks something else, whatever its row says of whom it joined', async () => {
    const proxy = memoryProxy({ begin: [done] });
    const { request, ...rest } = sampleCheck({ id: uuidOf('other') });
    const other = { ...rest, request: { ...request, destination: { address: '10.1.4.4', port: 22 } } };
    await proxy.store.insert(other);
    const verdict = { summary: 'Closed.', reasons: [], reachability: 'Unreachable' } as const;
    const secret = JSON.stringify({ hops: [], connectionStatus: 'Unreachable', probesSent: 7 });
    const times = { startedAt: rest.createdAt, finishedAt: rest.createdAt };
    await proxy.store.replace(
      (await proxy.store.find(other.id))!,
      { ...other, ...times, status: 'Succeeded', verdict: { ...verdict, reasons: [] }, answerStatus: 200 },
      secret,
    );
    const check = sampleCheck({ caller: sampleCaller('bob') });
    await proxy.accept(check);
    const { createdAt: startedAt } = check;
    await proxy.store.replace((await proxy.store.find(check.id))!, {
      ...check,
      ...{ status: 'Running', startedAt, operationUrl: undefined, joined: other.id },
    });
    await step(proxy.deps, check.id);
    expect(await proxy.store.answer(check.id)).toBeUndefined();
    await proxy.drain();
    expect(await proxy.store.answer(check.id)).toBe(done.body);
  });

  it.each(['Running', 'Succeeded'] as const)(
    'shares no run of another question that a note names: %s',
    async (status) => {
      const proxy = memoryProxy({ begin: [accepted], poll: [done] });
      const { request, ...rest } = sampleCheck({ id: uuidOf('leader'), attempts: 1 });
      const elsewhere = { ...request, destination: { address: '10.1.4.4', port: 22 } };
      const began = { ...rest, request: elsewhere, startedAt: rest.createdAt };
      const at = new Date(proxy.now().getTime() + 60_000).toISOString();
      await proxy.store.insert(
        status === 'Running'
          ? { ...began, status, operationUrl: operationUrlOf(7) }
          : {
              ...began,
              status,
              finishedAt: at,
              verdict: { summary: 'Closed.', reasons: [], reachability: 'Unreachable' },
              answerStatus: 200,
            },
      );
      const check = sampleCheck({ caller: sampleCaller('bob') });
      await proxy.deps.runs.note(joinKeyOf(check) ?? '', { checkId: uuidOf('leader'), at: proxy.now() });
      await proxy.accept(check);
      await step(proxy.deps, check.id);
      await proxy.drain();
      expect(proxy.calls.map(({ kind, url }) => url ?? kind)).toEqual(['find', 'begin', operationUrlOf(1)]);
      expect(proxy.store.rows().find(({ id }) => id === check.id)).toMatchObject({ status: 'Succeeded', attempts: 1 });
    },
  );

  it.each([
    [3, 1, 'shares that run: clocks differ by as much'],
    [180, 2, 'begins one of its own: nobody can say how old that run is'],
  ])('that finds a run noted %d s in the future leads to %d POSTs, because it %s', async (ahead, posts) => {
    const proxy = memoryProxy({ begin: [accepted, accepted], poll: [done, done] });
    const leader = sampleCheck({ id: uuidOf('leader') });
    await proxy.accept(leader);
    await step(proxy.deps, leader.id);
    const key = joinKeyOf(leader) ?? '';
    const noted = await proxy.deps.runs.find(key);
    const at = new Date(proxy.now().getTime() + ahead * 1000);
    await proxy.deps.runs.note(key, { checkId: leader.id, at }, noted?.version);
    const check = sampleCheck({ caller: sampleCaller('bob') });
    await proxy.accept(check);
    await step(proxy.deps, check.id);
    expect(proxy.calls.filter(({ kind }) => kind === 'begin')).toHaveLength(posts);
    expect(proxy.store.rows().find(({ id }) => id === check.id)?.joined).toBe(posts === 1 ? leader.id : undefined);
  });

  it('alone asks storage twice more, and not again for further POSTs', async () => {
    const all = await crowd([{ name: 'alice', at: 0 }], { plans: [slow] });
    expect(all.requests.filter((each) => each.endsWith('of run'))).toEqual(['find of run', 'note of run']);
  });

  it('that shares a run has the network watcher of it, and Azure is not asked for that', async () => {
    const all = await two(0);
    expect(all.of('bob').networkWatcher).toBe(watcherId);
    expect(all.requests.filter((each) => each === 'find of run').length).toBeGreaterThan(1);
    expect(all.proxy.audit.events().find(({ joined }) => joined)).toMatchObject({
      joined: { checkId: all.of('alice').id },
      target: { networkWatcher: watcherId },
    });
  });
});

describe('equal checks', () => {
  const plan = fc.record<Plan>({
    postSeconds: fc.constantFrom(0, 0.5, 3, 20, 45, 80),
    runSeconds: fc.constantFrom(0, 5, 40),
    end: fc.constantFrom('answered' as const, 'answered' as const, 'failed' as const, 'refused' as const),
  });
  const asker = fc.record({
    at: fc.constantFrom(0, 0, 0.2, 3, 5, 8, 25),
    cancelsAfter: fc.option(fc.constantFrom(0, 1, 10, 40), { nil: undefined, freq: 5 }),
    isGuest: fc.boolean(),
  });
  const befalling = fc.record<Befalling>({
    kind: fc.constantFrom('crash', 'fault', 'stall'),
    at: fc.nat({ max: 60 }),
    stage: fc.constantFrom('before', 'after'),
  });

  it('each end as a run of their own could have ended, in whatever order their requests are executed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asker, { minLength: 2, maxLength: 6 }),
        fc.array(plan, { minLength: 1, maxLength: 4 }),
        fc.array(befalling, { maxLength: 3 }),
        fc.integer(),
        async (asked, plans, befallings, seed) => {
          const askedBy = asked.map(({ at, cancelsAfter, isGuest }, i) => ({
            ...{ name: `user-${i}`, at, cancelsAt: cancelsAfter === undefined ? undefined : at + cancelsAfter },
            ...(isGuest && guest),
          }));
          const choose = seededRandom(seed);
          const all = await crowd(askedBy, { plans, befallings, choose, body, changes: { policy } });
          expect(all.broken).toEqual([]);
          for (const { name, cancelsAt, roles } of askedBy) {
            const check = all.of(name);
            const isOwn = all.posts.some(({ checkId }) => checkId === check.id);
            const ends = {
              Canceled: cancelsAt !== undefined,
              Succeeded: roles === undefined,
              // What failed at Azure failed for this one's own POST.
              Failed: check.status === 'Failed' && (check.error.code === 'PolicyRefused' ? roles !== undefined : isOwn),
            };
            expect(ends, name).toMatchObject({ [check.status]: true });
          }
          if (!askedBy.every(({ cancelsAt }) => cancelsAt !== undefined)) expect(all.posts.length).toBeGreaterThan(0);
          if (befallings.length === 0) expect(all.posts.length).toBeLessThanOrEqual(askedBy.length);
        },
      ),
      { numRuns: numRuns(400) },
    );
  }, 240_000);

  it.each<[string, Plan, Partial<Asker>]>([
    ['that Azure takes its time for', { postSeconds: 3, runSeconds: 40 }, {}],
    ['that Azure answers at once', { postSeconds: 3, runSeconds: 0 }, {}],
    ['whose operation fails', { postSeconds: 3, runSeconds: 5, end: 'failed' }, {}],
    ['of which the first is canceled', { postSeconds: 3, runSeconds: 40 }, { cancelsAt: 3.5 }],
  ])(
    '%s are never lost, wherever a process dies, is told an error, or stalls',
    async (_what, plan, ofAlice) => {
      const askedBy = [
        { name: 'alice', at: 0, ...ofAlice },
        { name: 'bob', at: 0.5 },
      ];
      const plans = [plan, { postSeconds: 1, runSeconds: 5 }];
      const { requests } = await crowd(askedBy, { plans });
      for (const kind of ['crash', 'fault', 'stall'] as const)
        for (let at = 0; at < requests.length; at++)
          for (const stage of ['before', 'after'] as const) {
            const all = await crowd(askedBy, { plans, befallings: [{ kind, at, stage }] });
            expect(all.broken, JSON.stringify({ kind, at, stage, request: requests[at] })).toEqual([]);
          }
    },
    120_000,
  );
});
