import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimitWaits } from '../../src/check/limit-waits.ts';
import { stepSet } from '../../src/set/step.ts';
import { awaitSet } from '../../src/set/read.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { sampleCaller, sampleCheck, sampleTime } from '../support/samples.ts';
import { policyOf } from '../support/memory/memory-proxy.ts';
import { asking, productOf, range, setOf, setWorld, vm } from '../support/memory/set-world.ts';

const allow = { id: 'all', effect: 'allow' };

describe('a set of checks', () => {
  it('begins all at once where neither limits nor sources bind, and ends with a matrix in the order asked', async () => {
    const world = setWorld();
    const requests = productOf(['a', 'b', 'c'], [80, 443]);
    const { set } = await world.create(setOf(requests));
    expect(world.underWay()).toHaveLength(6);
    expect(world.setQueue.sent).toEqual([]);
    expect(await world.open(set.id)).toBe(false);
    await world.work();
    const { counts, checks, total } = await world.view(set.id);
    expect([total, counts.reachable, counts.running]).toEqual([6, 6, 0]);
    expect(checks.map(({ source, port }) => [source, port])).toEqual(
      requests.map(({ source, destination }) => [source.resourceId, destination.port]),
    );
    const ids = world.store.rows().map(({ id }) => id);
    expect(checks.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    for (const check of world.store.rows()) {
      expect(check.member?.setId).toBe(set.id);
      expect(check.origin.requestId).toBe('request-of-the-set');
    }
    expect(world.actions().filter((action) => action === 'requested')).toHaveLength(6);
  });

  it('has at most five of a source under way, and none of two hundred fails for waiting', async () => {
    const world = setWorld({ deadlines: { queueSeconds: 3600, checkSeconds: 600 } });
    const { set } = await world.create(setOf(productOf(['a'], range(200))));
    let most = 0;
    do most = Math.max(most, world.underWay().length);
    while (await world.turn());
    expect(most).toBe(5);
    expect((await world.view(set.id)).counts).toMatchObject({ reachable: 200, failed: 0, running: 0 });
    expect(await world.open(set.id)).toBe(false);
    // Each check was created at its turn.
    const times = world.store.rows().map(({ createdAt }) => createdAt);
    expect(new Set(times).size).toBeGreaterThan(30);
  });

  it('waits while a limit binds, is not audited as refused for it, and goes on when told', async () => {
    const world = setWorld({ policy: policyOf([allow], { requestsPerMinute: 4, active: 3 }) });
    const { set } = await world.create(setOf(productOf(['a', 'b'], [1, 2, 3, 4, 5])));
    expect(world.underWay()).toHaveLength(3);
    expect((await world.view(set.id)).counts).toMatchObject({ running: 10, refused: 0 });
    let most = 0;
    do most = Math.max(most, world.underWay().length);
    while (await world.turn());
    expect(most).toBe(3);
    expect((await world.view(set.id)).counts).toMatchObject({ reachable: 10, running: 0 });
    expect(world.actions()).not.toContain('refused');
  });

  it('tells at once what policy refuses and which ports are too many, and audits each', async () => {
    const closed = { id: 'closed', effect: 'deny', destinations: ['10.1.2.4'], ports: [22] };
    const world = setWorld({ policy: policyOf([allow, closed], { portsPerHour: 8 }) });
    const { set, members } = await world.create(setOf(productOf(['a'], [22, ...range(10, 100)])));
    expect(members.map(({ state }) => state.kind === 'refused' && state.error.code)).toEqual([
      'PolicyRefused',
      ...Array.from({ length: 8 }, () => false),
      'TooManyRequests',
      'TooManyRequests',
    ]);
    expect(world.actions().filter((action) => action === 'refused')).toHaveLength(3);
    await world.work();
    const { counts, checks, total } = await world.view(set.id);
    expect([total, counts.refused, counts.reachable]).toEqual([11, 3, 8]);
    expect(checks[0]).toMatchObject({ status: 'Refused', error: { code: 'PolicyRefused' } });
    expect(checks[0]).not.toHaveProperty('id');
  });

  it('fills the audit with no more refusals than as many checks would', async () => {
    const world = setWorld({ policy: policyOf([{ id: 'no', effect: 'deny' }, allow]) });
    await world.create(setOf(productOf(['a'], range(200))));
    expect(world.actions()).toEqual(Array.from({ length: 60 }, () => 'refused'));
    const { counts: counted } = await world.deps.refusals.before(new Date(world.now().getTime() + 3_600_000));
    expect(counted.map(({ count }) => count)).toEqual([140]);
  });

  it('is accepted where all of it is refused, and has ended then', async () => {
    const world = setWorld({
      policy: policyOf([
        { id: 'no', effect: 'deny' },
        { ...allow, destinations: ['10.9.9.9'] },
      ]),
    });
    const { set } = await world.create(setOf(productOf(['a'], [1, 2])));
    expect((await world.view(set.id)).counts).toMatchObject({ running: 0, refused: 2 });
    expect(await world.open(set.id)).toBe(false);
  });

  it('fails what still waits at its own deadline, and nothing else; paused time does not count', async () => {
    const world = setWorld({ setDeadlineSeconds: 300 });
    const { set } = await world.create(setOf(productOf(['a'], range(100))));
    await world.deps.pauses.note(world.now());
    await world.work(350);
    const early = await world.view(set.id);
    expect(early.counts.failed).toBe(0);
    await world.work();
    const { counts, checks } = await world.view(set.id);
    expect(counts.running).toBe(0);
    expect(counts.reachable).toBeGreaterThan(20);
    expect(counts.reachable + counts.failed).toBe(100);
    const late = checks.filter(({ status }) => status === 'Failed');
    expect(new Set(late.map(({ error }) => error?.code))).toEqual(new Set(['DeadlineExceeded']));
    expect(late.every(({ id }) => id === undefined)).toBe(true);
    expect(world.actions()).not.toContain('failed');
  });

  it('ends at its deadline what a limit would keep waiting for longer', async () => {
    const world = setWorld({ policy: policyOf([allow], { requestsPerMinute: 1 }), setDeadlineSeconds: 20 });
    const { set } = await world.create(setOf(productOf(['a'], [1, 2])));
    await world.work(21);
    const { checks } = await world.view(set.id);
    expect(checks.map(({ error }) => error?.code)).toEqual([undefined, 'DeadlineExceeded']);
    expect(checks[1]?.sentence).toContain('within 20 s after the set was asked for');
  });

  it('waits while the proxy is paused, and is decided anew at its turn', async () => {
    const world = setWorld();
    const { set } = await world.create(setOf(productOf(['a'], range(6))));
    world.loseMessages();
    world.advance(200);
    expect(await stepSet({ ...world.deps, paused: true }, set.id)).toBe('paused');
    for (const check of world.underWay()) await world.deps.queue.send(check.id, 0);
    await world.work();
    expect((await world.view(set.id)).counts).toMatchObject({ running: 1, reachable: 5 });
    const closed = policyOf([{ id: 'no', effect: 'deny' }, allow]);
    expect(await stepSet({ ...world.deps, policy: closed }, set.id)).toBe('begun');
    const { counts, checks } = await world.view(set.id);
    expect(counts).toMatchObject({ running: 0, reachable: 5, refused: 1 });
    expect(checks[5]).toMatchObject({ status: 'Refused', error: { code: 'PolicyRefused' } });
    expect(world.actions().filter((action) => action === 'refused')).toHaveLength(1);
  });

  it('lets one of two steps at the same time give turns', async () => {
    const world = setWorld();
    const { set } = await world.create(setOf(productOf(['a'], range(20))));
    world.loseMessages();
    world.advance(5);
    const outcomes = await Promise.all([stepSet(world.deps, set.id), stepSet(world.deps, set.id)]);
    expect(outcomes.toSorted()).toEqual(['busy', 'waiting']);
    expect(world.underWay()).toHaveLength(5);
  });

  it('refuses a set that would leave more than two hundred members of its requester waiting', async () => {
    const world = setWorld();
    await world.create(setOf(productOf(['a'], range(200))));
    await expect(world.create(setOf(productOf(['b'], range(11))))).rejects.toMatchObject({ code: 'TooManyRequests' });
    // As one refusal.
    const refused = world.audit.events().filter(({ action }) => action === 'refused');
    expect(refused).toMatchObject([{ decision: { allowed: false }, outcome: { code: 'TooManyRequests' } }]);
    await world.create(setOf(productOf(['c', 'd'], range(5))));
    await world.create(setOf(productOf(['e'], range(10))));
    await expect(world.create(setOf(productOf(['f'], range(6))))).rejects.toMatchObject({ code: 'TooManyRequests' });
    // Another requester's sets are counted apart.
    await world.create(setOf(productOf(['g'], range(6))), asking('bob'));
    await world.work();
    await world.create(setOf(productOf(['h'], range(200))));
  });

  it('is the same set under the same key, and another request under it is told so', async () => {
    const world = setWorld();
    const asked = setOf(productOf(['a'], [1, 2]), { idempotencyKey: 'k' });
    const both = await Promise.all([world.create(asked), world.create(asked)]);
    expect(new Set(both.map(({ set }) => set.id)).size).toBe(1);
    expect(world.store.rows()).toHaveLength(2);
    await expect(world.create(setOf(productOf(['a'], [1]), { idempotencyKey: 'k' }))).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    expect((await world.create(asked, asking('bob'))).set.id).not.toBe(both[0].set.id);
  });

  it.each([
    ['a request in anybody’s name', { action: 'requested', checkId: sampleCheck().id }],
    ['an end of a check', { action: 'finished', checkId: sampleCheck().id }],
    ['an export of a check', { action: 'exported', checkId: sampleCheck().id }],
    ['an export in another’s name', { action: 'exported', requester: sampleCaller('bob').requester }],
  ] as const)('brings no event by its outbox that is not its own: %s', async (_what, changes) => {
    const world = setWorld();
    const { set } = await world.create(setOf(productOf(['a'], [80])));
    await world.work();
    const { requester } = set.caller;
    const pendingEvent = {
      ...{ id: sampleCheck().id, time: sampleTime, deputy: 'system-assigned', requestId: 'forged', target: {} },
      ...{ sourceAddress: '127.0.0.1', decision: sampleCheck().decision },
      ...{ requester, ...changes },
    };
    const other = setWorld();
    other.advance(100);
    await other.deps.sets.insert({ ...set, pendingEvent, open: true }, [], 0);
    await stepSet(other.deps, set.id);
    expect(other.actions()).toEqual([]);
  });

  it('is not gone on with where its rows are not what was asked for', async () => {
    const world = setWorld();
    const { set, members } = await world.create(setOf(productOf(['a'], range(7))));
    const asBob = { ...set, id: set.id.replace(/^./, 'f'), caller: asking('bob').caller, open: true };
    const waiting = members.map((member) => ({ ...member, state: { kind: 'waiting' } as const }));
    const elsewhere = productOf(['z'], [22])[0]!;
    const others = waiting.map((member) => (member.index === 6 ? { ...member, request: elsewhere } : member));
    const forged = [
      { set: asBob, members: waiting },
      { set: { ...set, id: set.id.replace(/^./, 'e'), open: true }, members: waiting },
      { set: { ...set, open: true }, members: others },
      { set: { ...set, proof: set.proof.replace('signature', 'forgery'), open: true }, members: waiting },
    ];
    const before = world.actions().length;
    for (const each of forged) {
      const other = setWorld();
      other.advance(100);
      await other.deps.sets.insert(each.set, each.members, 7);
      expect(await stepSet(other.deps, each.set.id)).toBe('begun');
      const { counts, checks } = await other.view(each.set.id);
      expect(counts).toMatchObject({ failed: 7, running: 0 });
      expect(checks[0]?.error?.code).toBe('NotAsAccepted');
      expect(other.actions()).toEqual([]);
      expect(other.store.rows()).toEqual([]);
    }
    expect(world.actions()).toHaveLength(before);
  });

  it.each([
    ['breaks its line', { name: 'Accept', value: 'a\r\nMetadata: true' }],
    ['breaks its line where only the low byte is sent', { name: 'Accept', value: 'a\u010aMetadata: true' }],
  ])('has no member tested with the value of a probe header that somebody wrote, and that %s', async (_, header) => {
    const world = setWorld();
    const configured = { HTTPConfiguration: { headers: [{ name: 'Accept', value: 'text/html' }] } };
    const requests = productOf(['a'], range(6)).map((request) => {
      return { ...request, protocol: 'Http' as const, protocolConfiguration: configured };
    });
    const { set, members } = await world.create(setOf(requests));
    const forged = { HTTPConfiguration: { headers: [header] } };
    const changed = members.map((member) => {
      const request = { ...member.request, protocolConfiguration: forged };
      return member.index === 5 ? { ...member, request } : member;
    });
    const other = setWorld();
    other.advance(100);
    const waiting = changed.map((member) => ({ ...member, state: { kind: 'waiting' } as const }));
    await other.deps.sets.insert({ ...set, open: true }, waiting, 6);
    await stepSet(other.deps, set.id);
    await other.work();
    expect((await other.view(set.id)).counts).toMatchObject({ reachable: 5, failed: 1 });
    const failed = other.store.rows().filter(({ status }) => status === 'Failed');
    expect(failed).toMatchObject([{ member: { index: 5 }, error: { code: 'NotAsAccepted' } }]);
    expect(other.actions().filter((action) => action === 'started')).toHaveLength(5);
  });

  it('ends at its deadline, also where its row says that it is due in a hundred years', async () => {
    const world = setWorld({ setDeadlineSeconds: 600 });
    const { set } = await world.create(setOf(productOf(['a'], range(7))));
    const stored = (await world.deps.sets.find(set.id))!;
    await world.deps.sets.replace(stored, { ...stored.set, dueAt: '2126-01-01T00:00:00.000Z' }, 2);
    world.advance(500);
    expect(await stepSet(world.deps, set.id)).toBe('early');
    world.advance(101);
    expect(await stepSet(world.deps, set.id)).toBe('begun');
    expect((await world.view(set.id)).counts).toMatchObject({ failed: 2 });
  });

  it('accepts nothing while the proxy is paused', async () => {
    const world = setWorld({ pause: {} });
    await expect(world.create(setOf(productOf(['a'], [1])))).rejects.toMatchObject({ code: 'Paused' });
  });

  it('can be waited for', async () => {
    const world = setWorld();
    const stored = await world.create(setOf(productOf(['a'], range(12))));
    const sleep = async (milliseconds: number): Promise<void> => world.work(milliseconds / 1000);
    const deps = { ...world.deps, sleep, limitWaits: createLimitWaits() };
    const half = await awaitSet(deps, 'alice', stored, 100);
    expect(half.stored.members.some(({ state }) => state.kind === 'waiting')).toBe(true);
    const whole = await awaitSet(deps, 'alice', half.stored, 1000);
    expect((await world.view(whole.stored.set.id)).counts).toMatchObject({ running: 0, reachable: 12 });
  });

  it('keeps no probe header once its members are checks or have ended', async () => {
    const world = setWorld({ setDeadlineSeconds: 60 });
    const secret = 'a-secret-of-the-probe'.repeat(3000);
    const headers = [{ name: 'Authorization', value: secret }];
    const requests = range(7).map((port) => ({
      source: { resourceId: vm('a') },
      destination: { address: 'shop.example.com', port },
      protocol: 'Https' as const,
      protocolConfiguration: { HTTPConfiguration: { headers } },
    }));
    const { set } = await world.create(setOf(requests));
    const kept = async () => JSON.stringify((await world.store.sets.find(set.id))?.members).split(secret).length - 1;
    expect(await kept()).toBe(2);
    await world.work();
    expect(await kept()).toBe(0);
    expect((await world.view(set.id)).counts).toMatchObject({ running: 0 });
  });
});

it('counts add up in each state, whatever is asked', async () => {
  const policy = (limits: object) =>
    policyOf(
      [allow, { id: 'closed', effect: 'deny', ports: ['1-3'] }],
      Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
    );
  const limit = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 12 })), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.record({ requestsPerMinute: limit, active: limit, portsPerHour: limit }),
      async (pairs, limits) => {
        const world = setWorld({ policy: policy(limits) });
        const requests = pairs.flatMap(([source, port]) => productOf([source], [port]));
        const { set } = await world.create(setOf(requests));
        do {
          const { counts, total, checks } = await world.view(set.id);
          expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
          expect(checks).toHaveLength(total);
        } while (await world.turn());
        expect((await world.view(set.id)).counts.running).toBe(0);
        expect(await world.open(set.id)).toBe(false);
      },
    ),
    { numRuns: numRuns(60) },
  );
});
