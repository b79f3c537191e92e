import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step } from '../../src/check/step.ts';
import { submit } from '../../src/check/submit.ts';
import { sweep } from '../../src/check/sweep.ts';
import type { Answer, Failure } from '../../src/check/ports/network-watcher.ts';
import { Problem } from '../../src/contract/problem.ts';
import {
  askedOf,
  accepted,
  body,
  done,
  memoryProxy,
  operationUrlOf,
  policyOf,
  sampleSubmission,
  type Script,
} from '../support/memory/memory-proxy.ts';
import { sampleCheck, watcherId } from '../support/samples.ts';
import { numRuns } from '../support/run/num-runs.ts';

const failure: Failure = { code: 'AzureRefused', message: 'no right', answer: { status: 403, body: '{"error":{}}' } };
const busy: Answer = {
  kind: 'retry',
  afterSeconds: 17,
  failure: { code: 'AzureFailed', message: 'busy' },
  arm: { status: 429 },
};
const trouble: Answer = { kind: 'retry', failure: { code: 'AzureFailed', message: 'trouble' }, arm: {} };

async function run(script: Script, changes: Parameters<typeof memoryProxy>[1] = {}) {
  const proxy = memoryProxy(script, changes);
  const {
    check: { id },
  } = await submit(proxy.deps, ...sampleSubmission());
  await proxy.drain();
  return { ...proxy, id, row: proxy.store.rows()[0]! };
}

describe('a check', () => {
  it('answered at once ends with its answer, verdict and events', async () => {
    const { row, store, actions, audit, calls } = await run({});
    expect(row).toMatchObject({
      status: 'Succeeded',
      networkWatcher: watcherId,
      verdict: { reachability: 'Reachable' },
      attempts: 1,
    });
    expect(row.pendingEvent).toBeUndefined();
    expect(await store.answer(row.id)).toBe(body);
    expect(actions()).toEqual(['requested', 'started', 'finished']);
    expect(audit.events()[1]).toMatchObject({ attempt: 1, target: { networkWatcher: watcherId } });
    expect(audit.events()[2]).toMatchObject({
      outcome: { reachability: 'Reachable' },
      arm: { status: 200, requestId: 'arm-1' },
    });
    expect(calls.map(({ kind }) => kind)).toEqual(['find', 'begin']);
  });

  it('is polled no earlier than told, at the newest URL', async () => {
    const at = (n: number, afterSeconds: number): Answer => ({
      ...accepted,
      operationUrl: operationUrlOf(n),
      afterSeconds,
    });
    const { calls, row } = await run({ begin: [at(1, 10)], poll: [at(2, 30), at(3, 3600), done] });
    expect(row.status).toBe('Failed');
    const polls = calls.filter(({ kind }) => kind === 'poll');
    expect(polls.map(({ url }) => url)).toEqual([operationUrlOf(1), operationUrlOf(2)]);
    expect(polls.map(({ at: time }) => (time - calls[1]!.at) / 1000)).toEqual([10, 40]);
  });

  it('waits its turn behind 20 busy answers, each no earlier than told, without failing', async () => {
    const { row, calls, actions } = await run({ begin: [...Array.from({ length: 20 }, () => busy), done] });
    const begins = calls.filter(({ kind }) => kind === 'begin').map(({ at }) => at / 1000);
    expect(begins).toHaveLength(21);
    expect(begins.slice(1).every((time, i) => time - begins[i]! >= 17)).toBe(true);
    expect(row).toMatchObject({ status: 'Succeeded', attempts: 21 });
    expect(actions().filter((action) => action === 'started')).toHaveLength(21);
  });

  it('fails at its deadlines: in the queue until ARM accepts, in the check from then on', async () => {
    const queued = await run({ begin: [busy] }, { deadlines: { queueSeconds: 100, checkSeconds: 600 } });
    expect(queued.row).toMatchObject({
      status: 'Failed',
      error: { code: 'DeadlineExceeded' },
      finishedAt: '2026-03-01T10:01:40.000Z',
    });
    const endless = await run(
      { begin: [busy, accepted], poll: [accepted] },
      { deadlines: { queueSeconds: 100, checkSeconds: 300 } },
    );
    expect(endless.row).toMatchObject({
      status: 'Failed',
      error: { code: 'DeadlineExceeded' },
      startedAt: '2026-03-01T10:00:17.000Z',
      finishedAt: '2026-03-01T10:05:17.000Z',
    });
    expect(endless.actions()).toEqual(['requested', 'started', 'started', 'failed']);
  });

  it('backs off by itself where ARM told nothing, within 30 s', async () => {
    const { calls } = await run(
      { begin: [...Array.from({ length: 8 }, () => trouble), done] },
      { random: () => 0.999 },
    );
    const begins = calls.filter(({ kind }) => kind === 'begin').map(({ at }) => at / 1000);
    expect(begins.slice(1).map((time, i) => Math.round(time - begins[i]!))).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  });

  it('bears a bounded trouble that often, and then fails with ARM’s answer', async () => {
    const lost: Answer = {
      ...trouble,
      atMost: 4,
      failure: { code: 'AzureRefused', message: 'gone', answer: { status: 404, body: 'gone' } },
    };
    const { row, calls, store } = await run({ begin: [accepted], poll: [lost] });
    expect(calls.filter(({ kind }) => kind === 'poll')).toHaveLength(5);
    expect(row).toMatchObject({ status: 'Failed', error: { code: 'AzureRefused' }, answerStatus: 404 });
    expect(await store.answer(row.id)).toBe('gone');
  });

  it('fails at once where ARM refuses it, or no watcher is found, and then makes no POST', async () => {
    const refused = await run({ begin: [{ kind: 'failed', failure, arm: { status: 403 } }] });
    expect(refused.row).toMatchObject({
      status: 'Failed',
      error: { code: 'AzureRefused', message: 'no right' },
      answerStatus: 403,
    });
    const lost = await run({ find: [{ kind: 'failed', failure, arm: { status: 403, requestId: 'arm-7' } }] });
    expect(lost.calls.map(({ kind }) => kind)).toEqual(['find']);
    expect(lost.actions()).toEqual(['requested', 'failed']);
    expect(lost.audit.events().at(-1)?.arm).toEqual({ status: 403, requestId: 'arm-7' });
  });

  it('loses the values of its probe headers once ARM has accepted it, or it ended', async () => {
    const headers = [{ name: 'X-Probe', value: 'canary' }];
    const request = {
      ...sampleCheck().request,
      protocol: 'Http' as const,
      protocolConfiguration: { HTTPConfiguration: { headers } },
    };
    for (const script of [
      { begin: [accepted], poll: [accepted] },
      {},
      { begin: [{ kind: 'failed', failure, arm: {} } as const] },
    ]) {
      const proxy = memoryProxy(script);
      const {
        check: { id },
      } = await submit(proxy.deps, ...sampleSubmission({ asked: askedOf(request) }));
      expect(JSON.stringify(proxy.store.rows())).toContain('canary');
      await step(proxy.deps, id);
      expect(JSON.stringify(proxy.store.rows())).not.toContain('canary');
      expect(JSON.stringify(proxy.audit.events())).not.toContain('canary');
    }
  });

  it('is not run early, by a copied message or a forged one', async () => {
    const proxy = memoryProxy({ begin: [accepted] });
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission());
    expect(await step(proxy.deps, id)).toBe('running');
    expect(await step(proxy.deps, id)).toBe('early');
    expect(await step(proxy.deps, '00000000-0000-4000-8000-000000000000')).toBe('unknown');
    expect(proxy.calls.map(({ kind }) => kind)).toEqual(['find', 'begin']);
    expect(proxy.queue.sent).toHaveLength(2);
  });

  it('is begun once by two workers that hold the same message', async () => {
    const proxy = memoryProxy({ begin: [accepted] });
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission());
    const outcomes = await Promise.all([step(proxy.deps, id), step(proxy.deps, id)]);
    expect(outcomes.sort()).toEqual(['lost', 'running']);
    expect(proxy.calls.filter(({ kind }) => kind === 'begin')).toHaveLength(1);
  });

  it('says nothing and calls nothing when a message comes again after its end', async () => {
    const { deps, id, actions, calls } = await run({});
    const before = [actions(), calls.length];
    expect(await step(deps, id)).toBe('over');
    expect([actions(), calls.length]).toEqual(before);
  });

  it('is begun again, as a second attempt, where a worker died between POST and writing the URL', async () => {
    const proxy = memoryProxy({ begin: [accepted, accepted], poll: [done] });
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission());
    let writes = 0;
    const store = {
      ...proxy.store,
      replace: ((...args) =>
        ++writes === 2
          ? Promise.reject(new Error('killed'))
          : proxy.store.replace(...args)) as typeof proxy.store.replace,
    };
    await expect(step({ ...proxy.deps, store }, id)).rejects.toThrow('killed');
    proxy.queue.sent.length = 0;
    proxy.advance(121);
    expect(await proxy.sweep()).toBe(1);
    await proxy.drain();
    expect(proxy.store.rows()[0]).toMatchObject({ status: 'Succeeded', attempts: 2 });
    expect(proxy.audit.events().map(({ action, attempt }) => [action, attempt])).toEqual([
      ['requested', undefined],
      ['started', 1],
      ['started', 2],
      ['finished', undefined],
    ]);
  });

  it('delivers the event of a transition that was written but not told, before anything else', async () => {
    const proxy = memoryProxy({});
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission());
    let appends = 0;
    const audit = {
      ...proxy.audit,
      append: ((entry) =>
        ++appends === 2
          ? Promise.reject(new Problem('AuditUnavailable', 'down'))
          : proxy.audit.append(entry)) as typeof proxy.audit.append,
    };
    await expect(step({ ...proxy.deps, audit }, id)).rejects.toMatchObject({ code: 'AuditUnavailable' });
    expect(proxy.store.rows()[0]).toMatchObject({ status: 'Succeeded', pendingEvent: { action: 'finished' } });
    expect(proxy.actions()).toEqual(['requested', 'started']);
    proxy.advance(121);
    expect(await proxy.sweep()).toBe(1);
    await proxy.drain();
    expect(proxy.actions()).toEqual(['requested', 'started', 'finished']);
    expect(proxy.store.rows()[0]!.pendingEvent).toBeUndefined();
    proxy.advance(10_000);
    expect(await proxy.sweep()).toBe(0);
  });

  it('is refused by the worker where its requester lost the right meanwhile', async () => {
    const proxy = memoryProxy();
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission());
    expect(
      await step({ ...proxy.deps, policy: policyOf([{ id: 'stop', effect: 'deny', reason: 'closed' }]) }, id),
    ).toBe('Failed');
    expect(proxy.store.rows()[0]).toMatchObject({
      status: 'Failed',
      error: { code: 'PolicyRefused' },
      decision: { allowed: false, rule: 'stop' },
    });
    expect(proxy.calls).toEqual([]);
  });

  it('withholds the result where a hop lies in a denied range', async () => {
    const hops = [
      { type: 'Source', address: '10.0.0.4' },
      { type: 'VirtualNetwork', address: '10.99.1.1' },
    ];
    const policy = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'] },
    ]);
    const answer: Answer = {
      kind: 'done',
      arm: {},
      body: JSON.stringify({ hops, connectionStatus: 'Reachable', probesSent: 1 }),
    };
    const proxy = memoryProxy({ begin: [answer] }, { policy });
    const request = { ...sampleCheck().request, destination: { address: 'db.contoso.internal', port: 1433 } };
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission({ asked: askedOf(request) }));
    await proxy.drain();
    expect(proxy.store.rows()[0]).toMatchObject({ status: 'Failed', error: { code: 'PolicyRefused' } });
    expect(JSON.stringify([proxy.store.rows(), proxy.audit.events(), await proxy.store.answer(id)])).not.toContain(
      '10.99.1.1',
    );
  });

  it('stays as it is while paused, and goes on afterwards', async () => {
    const proxy = memoryProxy();
    const {
      check: { id },
    } = await submit(proxy.deps, ...sampleSubmission());
    expect(await step({ ...proxy.deps, paused: true }, id)).toBe('paused');
    expect(proxy.calls).toEqual([]);
    expect(await step(proxy.deps, id)).toBe('Succeeded');
  });
});

describe('patience', () => {
  it('is counted for bounded trouble alone: busy answers before it take none of it', async () => {
    const stale: Answer = { ...trouble, atMost: 2, failure: { code: 'AzureRefused', message: 'stale token' } };
    const { row } = await run({ begin: [busy, busy, busy, stale, busy, stale, stale, done] });
    expect(row.status).toBe('Succeeded');
    const { row: failed } = await run({ begin: [busy, stale, stale, stale, done] });
    expect(failed).toMatchObject({ status: 'Failed', error: { code: 'AzureRefused' }, attempts: 4 });
  });

  it('that ends at a deadline tells the last trouble', async () => {
    const { row } = await run({ begin: [trouble] });
    expect(row).toMatchObject({ status: 'Failed', error: { code: 'DeadlineExceeded' } });
    expect(row.status === 'Failed' && row.error.message).toContain('The last trouble was: trouble');
  });
});

describe('a POST that meets trouble', () => {
  const sick: Answer = {
    kind: 'retry',
    forSeconds: 240,
    failure: { code: 'AzureFailed', message: 'Azure is in trouble (500 InternalServerError).' },
    arm: { status: 500, requestId: 'arm-500' },
  };
  const begins = ({ calls }: Pick<ReturnType<typeof memoryProxy>, 'calls'>) =>
    calls.filter(({ kind }) => kind === 'begin').map(({ at }) => at / 1000);

  it('is given up four minutes after the first time, with Azure’s id of the request', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.2, max: 0.999, noNaN: true }), async (chance) => {
        const proxy = await run({ begin: [sick] }, { random: () => chance });
        const times = begins(proxy);
        expect(proxy.row).toMatchObject({ status: 'Failed', error: { code: 'AzureFailed' } });
        expect(proxy.row.status === 'Failed' && proxy.row.error.message).toMatch(/500 InternalServerError.*arm-500/);
        const took = times.at(-1)! - times[0]!;
        expect(took).toBeGreaterThanOrEqual(239);
        expect(took).toBeLessThanOrEqual(301);
        expect(times.slice(1).every((time, i) => time - times[i]! <= 61)).toBe(true);
        expect(proxy.actions().filter((action) => action === 'started')).toHaveLength(times.length);
      }),
      { numRuns: numRuns(30) },
    );
    const { calls } = await run({ begin: [sick] });
    expect(begins({ calls }).length).toBeLessThanOrEqual(16);
  });

  it('is tried no sooner than told', async () => {
    const proxy = await run({ begin: [{ ...sick, afterSeconds: 100 }] });
    expect(begins(proxy).map((time) => time - begins(proxy)[0]!)).toEqual([0, 100, 200, 300]);
  });

  it('has as much patience as before after an answer that only says "later", and none of that wait counts', async () => {
    const wait = (afterSeconds: number): Answer => ({ ...busy, afterSeconds });
    const { row } = await run({ begin: [sick, wait(300), sick, wait(1500), sick, done] });
    expect(row.status).toBe('Succeeded');
    const { row: given, calls } = await run({
      begin: Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? { ...sick, afterSeconds: 30 } : wait(5))),
    });
    expect(given).toMatchObject({ status: 'Failed', error: { code: 'AzureFailed' } });
    expect(begins({ calls })).toHaveLength(17);
  });

  it('loses no time by a pause, and keeps its time over crashes', async () => {
    const proxy = memoryProxy({ begin: [sick] });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    expect(await step(proxy.deps, check.id)).toBe('postponed');
    await pause(proxy, 5);
    expect(await step(proxy.deps, check.id)).toBe('postponed');
    proxy.advance(300);
    expect(await step(proxy.deps, check.id)).toBe('Failed');
  });
});

describe('a network watcher that was looked up', () => {
  const gone: Answer = { kind: 'failed', failure, arm: { status: 404 } };
  const other = watcherId.replace('eyes-west', 'eyes-north');
  const kinds = (calls: readonly { kind: string }[]) => calls.map(({ kind }) => kind);

  it('and is not right any more is looked up once more, and the check goes there', async () => {
    const { row, calls, actions } = await run({
      find: [
        { kind: 'found', networkWatcher: watcherId },
        { kind: 'found', networkWatcher: other },
      ],
      begin: [busy, gone, done],
    });
    expect(row).toMatchObject({ status: 'Succeeded', networkWatcher: other, attempts: 3 });
    expect(kinds(calls)).toEqual(['find', 'begin', 'begin', 'find', 'begin']);
    expect(actions()).toEqual(['requested', 'started', 'started', 'started', 'finished']);
  });

  it('and is right leaves Azure’s answer standing, with one POST', async () => {
    const { row, calls } = await run({ begin: [gone] });
    expect(row).toMatchObject({ status: 'Failed', error: { message: 'no right' } });
    expect(kinds(calls)).toEqual(['find', 'begin', 'find']);
  });

  it('is looked up again once, however often Azure moves it', async () => {
    const found = [watcherId, other].map((networkWatcher) => ({ kind: 'found', networkWatcher }) as const);
    const { row, calls } = await run({ find: Array.from({ length: 9 }, (_, i) => found[i % 2]!), begin: [gone] });
    expect(row.status).toBe('Failed');
    expect(kinds(calls)).toEqual(['find', 'begin', 'find', 'begin']);
  });

  it('whose source is not there any more is told as that, at once', async () => {
    const vanished: Failure = { code: 'AzureRefused', message: 'The source was not found (ResourceGroupNotFound).' };
    const { row, calls } = await run({
      find: [
        { kind: 'found', networkWatcher: watcherId },
        { kind: 'retry', atMost: 2, afterSeconds: 3, failure: vanished, arm: { status: 404 } },
      ],
      begin: [gone],
    });
    expect(row).toMatchObject({
      status: 'Failed',
      error: { message: expect.stringContaining('ResourceGroupNotFound') as string },
    });
    expect(kinds(calls)).toEqual(['find', 'begin', 'find']);
  });

  it('is looked up afresh in a later step where Azure has no answer just then', async () => {
    const throttled = {
      kind: 'retry',
      afterSeconds: 17,
      failure: { code: 'AzureRefused', message: 'throttled' },
      arm: { status: 429 },
    } as const;
    const { row, calls } = await run({
      find: [{ kind: 'found', networkWatcher: watcherId }, throttled, { kind: 'found', networkWatcher: other }],
      begin: [gone, done],
    });
    expect(row).toMatchObject({ status: 'Succeeded', networkWatcher: other });
    expect(kinds(calls)).toEqual(['find', 'begin', 'find', 'find', 'begin']);
  });

  it('is not looked up where it was given', async () => {
    const proxy = memoryProxy({ begin: [gone] });
    const { check } = await submit(
      proxy.deps,
      ...sampleSubmission({ asked: { ...askedOf(sampleCheck().request), networkWatcher: watcherId } }),
    );
    expect(await step(proxy.deps, check.id)).toBe('Failed');
    expect(kinds(proxy.calls)).toEqual(['begin']);
  });
});

describe('past the deadline', () => {
  const deadlines = { queueSeconds: 100, checkSeconds: 100 };
  /** An accepted check on which no worker works for so many seconds. */
  async function lateWorker(poll: readonly Answer[], seconds: number, afterSeconds = 10) {
    const proxy = memoryProxy({ begin: [{ ...accepted, afterSeconds }], poll }, { deadlines });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    expect(await step(proxy.deps, check.id)).toBe('running');
    proxy.advance(seconds);
    const outcome = await step(proxy.deps, check.id);
    const polls = proxy.calls.filter(({ kind }) => kind === 'poll').length;
    return { ...proxy, id: check.id, outcome, polls, row: proxy.store.rows()[0]! };
  }
  const messageOf = ({ row }: { row: ReturnType<ReturnType<typeof memoryProxy>['store']['rows']>[number] }) =>
    row.status === 'Failed' ? row.error.message : '';

  it('a result that is ready is a result', async () => {
    const late = await lateWorker([done], 660);
    expect(late).toMatchObject({ outcome: 'Succeeded', polls: 1, row: { verdict: { reachability: 'Reachable' } } });
    expect(late.actions()).toEqual(['requested', 'started', 'finished']);
  });

  it.each([
    ['that still runs', accepted],
    ['that tells trouble', trouble],
  ])('an answer %s is the last one, and the proxy blames itself for its delay', async (_, answer) => {
    const late = await lateWorker([answer], 660);
    expect(late).toMatchObject({ outcome: 'Failed', polls: 1, row: { error: { code: 'DeadlineExceeded' } } });
    expect(messageOf(late)).toContain(
      'The proxy did not ask Azure for the result in time: it did nothing about the check for 650 s.',
    );
    expect(messageOf(late)).not.toMatch(/agent|did not answer/i);
  });

  it('a check that was never handed to Azure blames the proxy, and is not begun', async () => {
    const proxy = memoryProxy({}, { deadlines });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    proxy.advance(3600);
    expect(await step(proxy.deps, check.id)).toBe('Failed');
    expect(proxy.calls).toEqual([]);
    expect(messageOf({ row: proxy.store.rows()[0]! })).toContain('did not hand the check to Azure in time');
  });

  it('a poll that is due within a minute is waited for, and no other', async () => {
    for (const [afterSeconds, polls] of [
      [101, 1],
      [160, 1],
      [161, 0],
      [3600, 0],
    ] as const) {
      const proxy = await run({ begin: [{ ...accepted, afterSeconds }], poll: [done] }, { deadlines });
      expect(proxy.row.status).toBe(polls === 1 ? 'Succeeded' : 'Failed');
      const asked = proxy.calls.filter(({ kind }) => kind !== 'find').map(({ at }) => at);
      expect(asked.slice(1).map((at) => (at - asked[0]!) / 1000)).toEqual(polls === 1 ? [afterSeconds] : []);
    }
  });

  it('a worker that is a little late does not blame itself', async () => {
    const late = await lateWorker([accepted], 140, 90);
    expect(late).toMatchObject({ outcome: 'Failed', polls: 1 });
    expect(messageOf(late)).toContain('No result was in 100 s after Azure accepted the check.');
  });

  it('a pause is no delay of the proxy’s', async () => {
    const proxy = memoryProxy({ begin: [accepted], poll: [accepted] }, { deadlines });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    await step(proxy.deps, check.id);
    await pause(proxy, 10);
    proxy.advance(120);
    expect(await step(proxy.deps, check.id)).toBe('Failed');
    expect(messageOf({ row: proxy.store.rows()[0]! })).toMatch(/did nothing about the check for 1[0-3]\d s/);
  });
});

describe('a result that Azure has wrapped', () => {
  const hops = [
    { type: 'Source', address: '10.0.0.4' },
    { type: 'VirtualNetwork', address: '10.99.1.1' },
  ];
  const result = { hops, connectionStatus: 'Unreachable', probesSent: 10, probesFailed: 10 };
  const wrapped = [{ status: 'Succeeded', properties: { output: result } }, { properties: result }];

  it.each(wrapped)('is judged by what is in it, and kept as it came: %j', async (value) => {
    const text = JSON.stringify(value);
    const { row, store } = await run({ begin: [{ ...done, body: text }] });
    expect(row).toMatchObject({ status: 'Succeeded', verdict: { reachability: 'Unreachable' } });
    expect(await store.answer(row.id)).toBe(text);
  });

  it.each(wrapped)('is withheld where a hop in it lies in a denied range: %j', async (value) => {
    const policy = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'] },
    ]);
    const proxy = memoryProxy({ begin: [{ ...done, body: JSON.stringify(value) }] }, { policy });
    const request = { ...sampleCheck().request, destination: { address: 'db.contoso.internal', port: 1433 } };
    const { check } = await submit(proxy.deps, ...sampleSubmission({ asked: askedOf(request) }));
    await proxy.drain();
    const kept = JSON.stringify([proxy.store.rows(), proxy.audit.events(), await proxy.store.answer(check.id)]);
    expect(proxy.store.rows()[0]).toMatchObject({ status: 'Failed', error: { code: 'PolicyRefused' } });
    expect(kept).not.toContain('10.99.1.1');
  });
});

/** The proxy is paused for so many minutes, as its sweeper notes. */
async function pause(proxy: ReturnType<typeof memoryProxy>, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await sweep({ ...proxy.deps, paused: true, overdue: proxy.store });
    proxy.advance(60);
  }
}

describe('a pause', () => {
  const deadlines = { queueSeconds: 100, checkSeconds: 100 };

  it('does not count toward the deadlines', async () => {
    const proxy = memoryProxy({ begin: [accepted], poll: [accepted, accepted, done] }, { deadlines });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    const paused = { ...proxy.deps, paused: true };
    for (let minute = 0; minute < 10; minute++) {
      expect(await sweep({ ...paused, overdue: proxy.store })).toBe(0);
      expect(await step(paused, check.id)).toBe('paused');
      proxy.advance(60);
    }
    expect(await step(proxy.deps, check.id)).toBe('running');
    for (let minute = 0; minute < 10; minute++) {
      await sweep({ ...paused, overdue: proxy.store });
      proxy.advance(60);
    }
    expect(await step(proxy.deps, check.id)).toBe('running');
    proxy.advance(10);
    expect(await step(proxy.deps, check.id)).toBe('running');
    proxy.advance(10);
    expect(await step(proxy.deps, check.id)).toBe('Succeeded');
  });

  it.each([
    ['until Azure accepts it', { begin: [busy] }, 0],
    ['until Azure has answered', { begin: [accepted], poll: [accepted] }, 1],
  ])('that is shorter than a deadline gives a check as much more time %s', async (_until, script: Script, steps) => {
    const limit = 600;
    const proxy = memoryProxy(script, { deadlines: { queueSeconds: limit, checkSeconds: limit } });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    for (let i = 0; i < steps; i++) await step(proxy.deps, check.id);
    const begun = proxy.now().getTime();
    await pause(proxy, 5);
    proxy.queue.sent.splice(0, Infinity, { checkId: check.id, delaySeconds: 0 });
    await proxy.drain();
    const ended = proxy.store.rows()[0]!;
    expect(ended).toMatchObject({ status: 'Failed', error: { code: 'DeadlineExceeded' } });
    expect(('finishedAt' in ended && Date.parse(ended.finishedAt) - begun) || 0).toBe((limit + 300) * 1000);
    const last = Math.max(...proxy.calls.map(({ at }) => at));
    expect((last - begun) / 1000).toBeGreaterThan(limit + 200);
  });

  it('never has a check fail before its time, or Azure asked before it said, whatever they are', async () => {
    const limit = 600;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ told: fc.integer({ min: 1, max: 1500 }), pause: fc.integer({ min: 0, max: 8 }) }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.boolean(),
        async (turns, isAccepted) => {
          const answers = turns.map(({ told }): Answer => ({ ...busy, afterSeconds: told }));
          const deadlines = { queueSeconds: limit, checkSeconds: limit };
          const script = isAccepted ? { begin: [accepted], poll: answers } : { begin: answers };
          const proxy = memoryProxy(script, { deadlines });
          const { check } = await submit(proxy.deps, ...sampleSubmission());
          if (isAccepted) await step(proxy.deps, check.id);
          const begun = proxy.now().getTime();
          let paused = 0;
          for (let i = 0; proxy.store.rows()[0]!.status !== 'Failed'; i++) {
            expect(i).toBeLessThan(200);
            const minutes = turns[i]?.pause ?? 0;
            await pause(proxy, minutes);
            paused += minutes * 60;
            await step(proxy.deps, check.id);
            proxy.advance(i % 3 === 0 ? 7 : 31);
          }
          const ended = proxy.store.rows()[0]!;
          const took = (('finishedAt' in ended && Date.parse(ended.finishedAt)) || 0) - begun;
          expect(ended).toMatchObject({ error: { code: 'DeadlineExceeded' } });
          expect(took / 1000).toBeGreaterThanOrEqual(limit + paused - 60);
          const asked = proxy.calls.filter(({ kind }) => kind === (isAccepted ? 'poll' : 'begin'));
          for (const [i, { at }] of asked.slice(1).entries()) {
            const { told } = turns[Math.min(i, turns.length - 1)]!;
            expect(at - asked[i]!.at).toBeGreaterThanOrEqual(told * 1000);
          }
        },
      ),
      { numRuns: numRuns(200) },
    );
  });

  it('does not let a check outlive its deadline by more than it took', async () => {
    const proxy = memoryProxy({ begin: [accepted], poll: [accepted] }, { deadlines });
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    await step(proxy.deps, check.id);
    await pause(proxy, 10);
    await proxy.drain();
    const ended = proxy.store.rows()[0]!;
    expect(ended).toMatchObject({ status: 'Failed', error: { code: 'DeadlineExceeded' } });
    expect('finishedAt' in ended && Date.parse(ended.finishedAt) - Date.parse(check.createdAt)).toBeLessThanOrEqual(
      720_000,
    );
  });
});

describe('whatever ARM says, and whatever breaks', () => {
  const answers = fc.constantFrom<Answer>(
    done,
    accepted,
    busy,
    trouble,
    { ...trouble, atMost: 2 },
    { kind: 'failed', failure, arm: {} },
  );
  const script = fc.record({
    begin: fc.array(answers, { minLength: 1, maxLength: 5 }),
    poll: fc.array(answers, { minLength: 1, maxLength: 6 }),
  });

  it('an accepted check ends once, with one event for each transition, and a started event for each POST', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), async (arm, breaks) => {
        const proxy = memoryProxy(arm, { deadlines: { queueSeconds: 300, checkSeconds: 300 } });
        const {
          check: { id },
        } = await submit(proxy.deps, ...sampleSubmission());
        let operations = 0;
        const fault =
          <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
          async (...args: A): Promise<R> => {
            const n = operations++;
            if (breaks.includes(n * 2)) throw new Problem('StorageUnavailable', 'before');
            const result = await work(...args);
            if (breaks.includes(n * 2 + 1)) throw new Problem('StorageUnavailable', 'after');
            return result;
          };
        const deps = {
          ...proxy.deps,
          store: {
            ...proxy.store,
            find: fault(proxy.store.find),
            replace: fault(proxy.store.replace) as typeof proxy.store.replace,
          },
          audit: {
            record: fault(proxy.audit.record),
            append: fault(proxy.audit.append),
            find: fault(proxy.audit.find),
          },
          queue: { send: fault(proxy.queue.send) },
        };
        for (let i = 0; i < 200; i++) {
          const message = proxy.queue.sent.shift();
          if (!message) {
            if (
              proxy.store
                .rows()
                .every((row) => row.status !== 'NotStarted' && row.status !== 'Running' && !row.pendingEvent)
            )
              break;
            proxy.advance(60);
            await proxy.sweep();
            continue;
          }
          proxy.advance(message.delaySeconds);
          await step(deps, message.checkId).catch((error: unknown) => {
            if (!(error instanceof Problem)) throw error;
          });
        }
        const row = (await proxy.store.find(id))!.check;
        expect(['Succeeded', 'Failed']).toContain(row.status);
        expect(row.pendingEvent).toBeUndefined();
        const actions = proxy.actions();
        expect(actions[0]).toBe('requested');
        expect(actions.at(-1)).toBe(row.status === 'Succeeded' ? 'finished' : 'failed');
        expect(actions.slice(1, -1).every((action) => action === 'started')).toBe(true);
        expect(actions.length - 2).toBe(row.attempts);
        expect(proxy.calls.filter(({ kind }) => kind === 'begin').length).toBeLessThanOrEqual(row.attempts);
        expect(await proxy.store.answer(id)).toBe(
          row.status === 'Succeeded'
            ? body
            : 'answerStatus' in row && row.answerStatus === 403
              ? '{"error":{}}'
              : undefined,
        );
      }),
      { numRuns: numRuns(500) },
    );
  });
});

describe('what ARM says when it refuses', () => {
  it('is kept as its code and request id alone where the check had probe headers, which it may quote', async () => {
    const error = { code: 'InvalidRequest', message: 'bad header s3cret' };
    const failure: Failure = {
      code: 'AzureRefused',
      message: 'refused',
      innererror: error,
      answer: { status: 400, body: JSON.stringify({ error }) },
    };
    const arm = { status: 400, requestId: 'arm-1' };
    const headers = [{ name: 'X-Probe', value: 's3cret' }];
    for (const given of [headers, []]) {
      const proxy = memoryProxy({ begin: [{ kind: 'failed', failure, arm }] });
      const protocolConfiguration = { HTTPConfiguration: { headers: given } };
      const asked = askedOf({ ...sampleCheck().request, protocol: 'Http', protocolConfiguration });
      const { check } = await submit(proxy.deps, ...sampleSubmission({ asked }));
      await proxy.drain();
      const kept = [proxy.store.rows()[0], await proxy.store.answer(check.id)];
      expect(kept).toMatchObject(
        given === headers
          ? [{ error: { code: 'AzureRefused', innererror: { code: 'InvalidRequest', requestId: 'arm-1' } } }, undefined]
          : [{ error: { innererror: error } }, JSON.stringify({ error })],
      );
      expect(JSON.stringify(kept).includes('s3cret')).toBe(given !== headers);
    }
  });
});
