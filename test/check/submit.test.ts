import { describe, expect, it } from 'vitest';
import { submit } from '../../src/check/submit.ts';
import { Problem } from '../../src/contract/problem.ts';
import { memoryProxy, policyOf, sampleSubmission } from '../support/memory-proxy.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';

const unavailable = (): Promise<never> =>
  Promise.reject(new Problem('AuditUnavailable', 'down', { retryAfterSeconds: 5 }));

describe('submitting', () => {
  it('audits first, keeps the check with its requester and decision, and queues it', async () => {
    const proxy = memoryProxy();
    const check = await submit(proxy.deps, sampleSubmission());
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
    await expect(submit({ ...proxy.deps, audit: { append: unavailable } }, sampleSubmission())).rejects.toMatchObject({
      code: 'AuditUnavailable',
    });
    expect(proxy.store.rows()).toEqual([]);
    expect(proxy.queue.sent).toEqual([]);
  });

  it('refuses what no rule allows: the refusal is audited, nothing is kept or queued', async () => {
    const proxy = memoryProxy({}, { policy: policyOf([]) });
    await expect(submit(proxy.deps, sampleSubmission())).rejects.toMatchObject({ code: 'PolicyRefused' });
    expect(proxy.actions()).toEqual(['refused']);
    expect(proxy.audit.events()[0]).not.toHaveProperty('checkId');
    expect(proxy.store.rows()).toEqual([]);
    expect(proxy.queue.sent).toEqual([]);
  });

  it('accepts a check whose message cannot be sent; a sweep sends it', async () => {
    const proxy = memoryProxy();
    const warnings: string[] = [];
    const queue = { send: () => Promise.reject(new Problem('StorageUnavailable', 'down')) };
    const check = await submit({ ...proxy.deps, queue, warn: (message) => warnings.push(message) }, sampleSubmission());
    expect(warnings).toHaveLength(1);
    proxy.advance(31);
    expect(await proxy.sweep()).toBe(1);
    await proxy.drain();
    expect(proxy.store.rows()).toEqual([expect.objectContaining({ id: check.id, status: 'Succeeded' })]);
    expect(proxy.actions()).toEqual(['requested', 'started', 'finished']);
  });

  it('takes nothing while paused', async () => {
    const proxy = memoryProxy({}, { paused: true });
    await expect(submit(proxy.deps, sampleSubmission())).rejects.toMatchObject({
      code: 'Paused',
      retryAfterSeconds: 60,
    });
    expect(proxy.actions()).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const keyed = (changes: object = {}) => ({ ...sampleSubmission(), idempotencyKey: 'key-1', ...changes });

  it('makes 50 equal requests at once one check with one requested event', async () => {
    const proxy = memoryProxy();
    const checks = await Promise.all(Array.from({ length: 50 }, () => submit(proxy.deps, keyed())));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(1);
    expect(proxy.store.rows()).toHaveLength(1);
    expect(proxy.actions()).toEqual(['requested']);
  });

  it('answers the check as it is now, also after it ended', async () => {
    const proxy = memoryProxy();
    const { id } = await submit(proxy.deps, keyed());
    await proxy.drain();
    expect(await submit(proxy.deps, keyed())).toMatchObject({ id, status: 'Succeeded' });
    expect(proxy.actions()).toEqual(['requested', 'started', 'finished']);
  });

  it('does not stand for another request, also where only the reason differs, and where only the event was written', async () => {
    const proxy = memoryProxy();
    const { request } = sampleCheck();
    await submit(proxy.deps, keyed());
    await expect(submit(proxy.deps, keyed({ asked: { request, reason: 'another' } }))).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });

    const crashed = memoryProxy();
    const insert = () => Promise.reject(new Problem('StorageUnavailable', 'crash'));
    await expect(submit({ ...crashed.deps, store: { ...crashed.store, insert } }, keyed())).rejects.toMatchObject({
      code: 'StorageUnavailable',
    });
    await expect(submit(crashed.deps, keyed({ asked: { request, reason: 'another' } }))).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    expect((await submit(crashed.deps, keyed())).status).toBe('NotStarted');
    expect(crashed.actions()).toEqual(['requested']);
  });

  it('belongs to one requester', async () => {
    const proxy = memoryProxy();
    const mine = await submit(proxy.deps, keyed());
    const theirs = await submit(proxy.deps, keyed({ caller: sampleCaller('bob') }));
    expect(theirs.id).not.toBe(mine.id);
  });
});
