import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../src/check/count-request.ts';
import { summariseRefusals } from '../../src/audit/summarise-refusals.ts';
import { submit } from '../../src/check/submit.ts';
import { Problem } from '../../src/contract/problem.ts';
import { askedOf, memoryProxy, policyOf, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';

const unavailable = (): Promise<never> =>
  Promise.reject(new Problem('AuditUnavailable', 'down', { retryAfterSeconds: 5 }));

describe('submitting', () => {
  it('audits first, keeps the check with its requester and decision, and queues it', async () => {
    const proxy = memoryProxy();
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    expect(proxy.store.rows()).toEqual([check]);
    expect(check).toMatchObject({
      status: 'NotStarted',
      caller: sampleCaller(),
      decision: { allowed: true, rule: 'all' },
      audited: 1,
    });
    expect(proxy.queue.sent).toEqual([{ checkId: check.id, delaySeconds: 0 }]);
    expect(proxy.audit.events()).toEqual([
      expect.objectContaining({
        action: 'requested',
        checkId: check.id,
        requester: check.caller.requester,
        deputy: 'system-assigned',
        sourceAddress: '127.0.0.1',
        decision: check.decision,
        reason: 'INC-1042',
      }),
    ]);
  });

  it('keeps and queues nothing where the audit cannot be written', async () => {
    const proxy = memoryProxy();
    await expect(
      submit({ ...proxy.deps, audit: { ...proxy.audit, record: unavailable } }, ...sampleSubmission()),
    ).rejects.toMatchObject({
      code: 'AuditUnavailable',
    });
    expect(proxy.store.rows()).toEqual([]);
    expect(proxy.queue.sent).toEqual([]);
  });

  it('refuses what no rule allows: the refusal is audited, nothing is kept or queued', async () => {
    const proxy = memoryProxy({}, { policy: policyOf([]) });
    await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({ code: 'PolicyRefused' });
    expect(proxy.actions()).toEqual(['refused']);
    expect(proxy.audit.events()[0]).not.toHaveProperty('checkId');
    expect(proxy.store.rows()).toEqual([]);
    expect(proxy.queue.sent).toEqual([]);
  });

  it('accepts a check whose message cannot be sent; a sweep sends it', async () => {
    const proxy = memoryProxy();
    const warnings: string[] = [];
    const queue = { send: () => Promise.reject(new Problem('StorageUnavailable', 'down')) };
    const { check } = await submit(
      { ...proxy.deps, queue, warn: (message) => warnings.push(message) },
      ...sampleSubmission(),
    );
    expect(warnings).toHaveLength(1);
    proxy.advance(31);
    expect(await proxy.sweep()).toBe(1);
    await proxy.drain();
    expect(proxy.store.rows()).toEqual([expect.objectContaining({ id: check.id, status: 'Succeeded' })]);
    expect(proxy.actions()).toEqual(['requested', 'started', 'finished']);
  });

  it('takes nothing while paused', async () => {
    const proxy = memoryProxy({}, { pause: {} });
    await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({
      code: 'Paused',
      retryAfterSeconds: 60,
    });
    expect(proxy.actions()).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const keyed = (changes: object = {}) => sampleSubmission({ idempotencyKey: 'key-1', ...changes });

  it('makes 50 equal requests at once one check with one requested event', async () => {
    const proxy = memoryProxy();
    const checks = await Promise.all(Array.from({ length: 50 }, () => submit(proxy.deps, ...keyed())));
    expect(new Set(checks.map(({ check }) => check.id)).size).toBe(1);
    expect(proxy.store.rows()).toHaveLength(1);
    expect(proxy.actions()).toEqual(['requested']);
  });

  it('answers the check as it is now, also after it ended', async () => {
    const proxy = memoryProxy();
    const { id } = (await submit(proxy.deps, ...keyed())).check;
    await proxy.drain();
    expect((await submit(proxy.deps, ...keyed())).check).toMatchObject({ id, status: 'Succeeded' });
    expect(proxy.actions()).toEqual(['requested', 'started', 'finished']);
  });

  it('does not stand for another request, also where only the reason differs, and where only the event was written', async () => {
    const proxy = memoryProxy();
    const { request } = sampleCheck();
    await submit(proxy.deps, ...keyed());
    await expect(
      submit(proxy.deps, ...keyed({ asked: { ...askedOf(request), reason: 'another' } })),
    ).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });

    const crashed = memoryProxy();
    const insert = () => Promise.reject(new Problem('StorageUnavailable', 'crash'));
    await expect(submit({ ...crashed.deps, store: { ...crashed.store, insert } }, ...keyed())).rejects.toMatchObject({
      code: 'StorageUnavailable',
    });
    await expect(
      submit(crashed.deps, ...keyed({ asked: { ...askedOf(request), reason: 'another' } })),
    ).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    expect((await submit(crashed.deps, ...keyed())).check.status).toBe('NotStarted');
    expect(crashed.actions()).toEqual(['requested']);
  });

  it('has its whole time also where an earlier request of it broke off long ago', async () => {
    const proxy = memoryProxy();
    const insert = () => Promise.reject(new Problem('StorageUnavailable', 'crash'));
    await expect(submit({ ...proxy.deps, store: { ...proxy.store, insert } }, ...keyed())).rejects.toThrow('crash');
    proxy.advance(7200);
    await submit(proxy.deps, ...keyed());
    await proxy.drain();
    expect(proxy.store.rows()).toMatchObject([{ status: 'Succeeded', createdAt: '2026-03-01T12:00:00.000Z' }]);
    expect(proxy.actions()).toEqual(['requested', 'started', 'finished']);
  });

  it('belongs to one requester', async () => {
    const proxy = memoryProxy();
    const mine = await submit(proxy.deps, ...keyed());
    const theirs = await submit(proxy.deps, ...keyed({ caller: sampleCaller('bob') }));
    expect(theirs.check.id).not.toBe(mine.check.id);
  });
});

describe('limits', () => {
  const limited = (limits: object) => memoryProxy({}, { policy: policyOf([{ id: 'all', effect: 'allow' }], limits) });

  it('refuse a request too many, keep nothing of it but its event, and let the next minute in', async () => {
    const proxy = limited({ requestsPerMinute: 2 });
    expect((await submit(proxy.deps, ...sampleSubmission())).limits).toMatchObject([
      { name: 'requests', quota: 2, remaining: 1 },
    ]);
    await submit(proxy.deps, ...sampleSubmission());
    await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({
      code: 'TooManyRequests',
      retryAfterSeconds: 60,
      limits: [{ name: 'requests', remaining: 0 }],
    });
    expect(proxy.store.rows()).toHaveLength(2);
    expect(proxy.actions()).toEqual(['requested', 'requested', 'refused']);
    expect(proxy.audit.events().at(-1)).toMatchObject({
      requester: { name: 'alice' },
      target: { destination: '10.1.2.4', port: 1433 },
      decision: {
        allowed: false,
        reason: 'You may ask 2 times a minute: wait as Retry-After says, and ask again.',
        policy: proxy.deps.policy.hash,
      },
      outcome: { code: 'TooManyRequests' },
    });
    expect(proxy.audit.events().at(-1)).not.toHaveProperty('checkId');
    await submit(proxy.deps, ...sampleSubmission({ caller: sampleCaller('bob') }));
    proxy.advance(61);
    await submit(proxy.deps, ...sampleSubmission());
  });

  it('do not count what they refused: who asks too early need not wait for longer', async () => {
    const proxy = limited({ requestsPerMinute: 1 });
    await submit(proxy.deps, ...sampleSubmission());
    for (let i = 0; i < 5; i++) {
      proxy.advance(10);
      await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({ code: 'TooManyRequests' });
    }
    proxy.advance(11);
    await submit(proxy.deps, ...sampleSubmission());
    expect(proxy.actions()).toEqual(['requested', ...Array<string>(5).fill('refused'), 'requested']);
  });

  it('refuse a flood with 60 events a minute, and one for the others', async () => {
    const proxy = limited({ requestsPerMinute: 1 });
    await submit(proxy.deps, ...sampleSubmission());
    for (let i = 0; i < 100; i++)
      await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({ code: 'TooManyRequests' });
    expect(proxy.actions()).toHaveLength(61);
    proxy.advance(180);
    await summariseRefusals(proxy.deps);
    expect(proxy.audit.events().at(-1)).toMatchObject({ action: 'refused', outcome: { code: 'Repeated', count: 40 } });
  });

  it('refuse nobody without an event: where the audit cannot be written, that is the answer', async () => {
    const proxy = limited({ requestsPerMinute: 1 });
    await submit(proxy.deps, ...sampleSubmission());
    const record = () => Promise.reject(new Problem('AuditUnavailable', 'down'));
    const down = { ...proxy.deps, audit: { ...proxy.deps.audit, record } };
    await expect(submit(down, ...sampleSubmission())).rejects.toMatchObject({ code: 'AuditUnavailable' });
  });

  it('count refused requests, so that refusals cannot be had for free', async () => {
    const proxy = memoryProxy({}, { policy: policyOf([], { requestsPerMinute: 3 }) });
    for (let i = 0; i < 3; i++)
      await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({ code: 'PolicyRefused' });
    await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({ code: 'TooManyRequests' });
    expect(proxy.audit.events().map(({ action, outcome }) => [action, outcome?.code])).toEqual([
      ...Array<unknown>(3).fill(['refused', undefined]),
      ['refused', 'TooManyRequests'],
    ]);
  });

  it('count checks under way, and the end of one makes room', async () => {
    const proxy = limited({ active: 1 });
    await submit(proxy.deps, ...sampleSubmission());
    await expect(submit(proxy.deps, ...sampleSubmission())).rejects.toMatchObject({
      code: 'TooManyRequests',
      limits: [{ name: 'active' }],
    });
    await proxy.drain();
    await submit(proxy.deps, ...sampleSubmission());
  });

  it('do not stand in the way of a request that had been accepted before', async () => {
    const proxy = limited({ requestsPerMinute: 1 });
    const { check } = await submit(proxy.deps, ...sampleSubmission({ idempotencyKey: 'k' }));
    expect((await submit(proxy.deps, ...sampleSubmission({ idempotencyKey: 'k' }))).check.id).toBe(check.id);
  });

  it('stop a scan of 65 ports on one destination', async () => {
    const proxy = limited({ portsPerHour: 32 });
    const scan = async (port: number) => {
      const request = { ...sampleCheck().request, destination: { address: '10.1.2.4', port } };
      return submit(proxy.deps, ...sampleSubmission({ asked: askedOf(request) })).then(
        () => 'accepted',
        (error: unknown) => (error instanceof Problem ? error.code : 'broken'),
      );
    };
    const outcomes: string[] = [];
    for (let port = 1; port <= 65; port++) outcomes.push(await scan(port));
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(32);
    expect(outcomes.slice(32).every((outcome) => outcome === 'TooManyRequests')).toBe(true);
    expect(await scan(1)).toBe('accepted');
    const refused = proxy.audit.events().filter(({ action }) => action === 'refused');
    expect(refused.map(({ target }) => target.port)).toEqual(Array.from({ length: 33 }, (_, i) => 33 + i));
  });

  it('of a rule hold for what it allows, and what it allowed leaves the general ones alone', async () => {
    const rules = [
      { id: 'fleet', effect: 'allow', destinations: ['10.2.0.0/16'], limits: { active: 3, comment: 'pipelines' } },
      { id: 'people', effect: 'allow', destinations: ['10.1.0.0/16'] },
    ];
    const proxy = memoryProxy({}, { policy: policyOf(rules, { active: 1, portsPerHour: 1 }) });
    const outcome = (address: string, port = 443) => {
      const request = { ...sampleCheck().request, destination: { address, port } };
      return submit(proxy.deps, ...sampleSubmission({ asked: askedOf(request) })).then(
        ({ limits }) => limits.map(({ name, quota, remaining }) => `${name} ${remaining}/${quota}`).join(', '),
        (error: unknown) => (error instanceof Problem ? `${error.code} ${error.limits?.[0]?.quota ?? ''}` : 'broken'),
      );
    };
    expect(await outcome('10.2.0.1')).toBe('active 2/3, ports 0/1');
    expect(await outcome('10.2.0.1', 22)).toBe('TooManyRequests 3');
    expect(await outcome('10.2.0.2')).toBe('active 1/3, ports 0/1');
    expect(await outcome('10.1.0.1')).toBe('active 0/1, ports 0/1');
    expect(await outcome('10.1.0.2')).toBe('TooManyRequests 1');
    expect(await outcome('10.2.0.3')).toBe('active 0/3, ports 0/1');
    expect(await outcome('10.2.0.4')).toBe('TooManyRequests 3');
    // Refused by policy: under no rule, so the general limits are the ones that are looked at.
    expect(await outcome('10.3.0.1')).toBe('TooManyRequests 1');
    expect((await limitsOf(proxy.deps, sampleCaller().requester.id)).map(({ remaining }) => remaining)).toEqual([0]);
  });
});
