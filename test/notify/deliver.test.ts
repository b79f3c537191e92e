import { describe, expect, it } from 'vitest';
import { cancel } from '../../src/check/cancel.ts';
import { submit } from '../../src/check/submit.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { createListeners } from '../../src/notify/listeners.ts';
import { nextTry } from '../../src/notify/next-try.ts';
import {
  accepted,
  done,
  memoryProxy,
  policyOf,
  sampleSubmission,
  type Script,
} from '../support/memory/memory-proxy.ts';

const url = 'https://hooks.example.com/ended?token=secret';
const all = { id: 'all', effect: 'allow' };
const policy = policyOf([all], {}, { callbacks: ['https://hooks.example.com/**'] });

async function submitted(script: Script = {}, more: Parameters<typeof memoryProxy>[1] = {}, key?: string) {
  const proxy = memoryProxy(script, { policy, ...more });
  const [actor, { asked }] = sampleSubmission();
  const submission = { asked: { ...asked, callback: { url } }, idempotencyKey: key };
  const again = () => submit(proxy.deps, actor, submission);
  const { check } = await again();
  const [kept] = proxy.notices.rows();
  return { ...proxy, actor, check, again, kept, stored: () => proxy.store.rows()[0]! };
}
const key = (id: string) => ({ about: { kind: 'check', id }, to: 'callback' }) as const;

describe('a callback', () => {
  it('is kept before the check, and told when it has ended, as GET answers the requester', async () => {
    const proxy = await submitted();
    expect(proxy.kept).toMatchObject({ about: { id: proxy.check.id }, to: { kind: 'callback', url }, attempts: 0 });
    const callback = { origin: 'https://hooks.example.com', status: 'pending', attempts: 0 };
    expect(proxy.check.callback).toEqual(callback);
    await proxy.drain();
    await proxy.drainNotices();
    const [post] = proxy.posts;
    expect([proxy.posts.length, post?.url.href, post?.id]).toEqual([1, url, proxy.check.id]);
    const { finishedAt } = proxy.stored() as { finishedAt?: string };
    expect(JSON.parse(post!.body)).toMatchObject({
      type: 'check.ended',
      timestamp: finishedAt,
      data: { id: proxy.check.id, status: 'Succeeded', result: JSON.parse(done.body) as object, callback },
    });
    expect(proxy.stored().callback).toEqual({ ...callback, status: 'delivered', attempts: 1 });
    expect(proxy.notices.rows()).toEqual([]);
  });

  it('has an event of its end, once, with the origin and no more of the URL', async () => {
    const proxy = await submitted();
    await proxy.drain();
    await proxy.drainNotices();
    const events = proxy.audit.events();
    expect(events.map(({ action }) => action)).toEqual(['requested', 'started', 'finished', 'exported']);
    expect(events.at(-1)).toMatchObject({
      ...{ checkId: proxy.check.id, requester: proxy.check.caller.requester, outcome: { code: 'delivered' } },
      target: { resource: 'https://hooks.example.com', destination: '10.1.2.4' },
      decision: { allowed: true, policy: policy.hash },
    });
    expect(JSON.stringify([events, proxy.store.rows(), proxy.noticeQueue.sent])).not.toContain('secret');
  });

  it('costs a check without one nothing', async () => {
    const proxy = memoryProxy();
    await submit(proxy.deps, ...sampleSubmission());
    await proxy.drain();
    expect(proxy.noticeQueue.sent).toEqual([]);
    expect(proxy.store.rows()[0]).toMatchObject({ callback: undefined, awaited: undefined });
    expect(proxy.notices.rows()).toEqual([]);
  });

  it.each([204, 200, 299])('is delivered with %i', async (status) => {
    const proxy = await submitted({ post: [status] });
    await proxy.drain();
    await proxy.drainNotices();
    expect(proxy.stored().callback).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  it('ends with 410', async () => {
    const proxy = await submitted({ post: [410] });
    await proxy.drain();
    await proxy.drainNotices();
    expect(proxy.stored().callback).toMatchObject({ status: 'gone', attempts: 1 });
    expect(proxy.audit.events().at(-1)).toMatchObject({ action: 'exported', outcome: { code: 'gone' } });
    expect(proxy.notices.rows()).toEqual([]);
  });

  it('is tried again within 30 s, then for a day with growing intervals, under one id', async () => {
    for (const random of [0, 0.5, 0.999]) {
      const proxy = await submitted({ post: [500, 302, 'ECONNREFUSED', 429, 404] }, { random: () => random });
      await proxy.drain();
      await proxy.drainNotices();
      const times = proxy.posts.map(({ at }) => at);
      const pauses = times.slice(1).map((time, i) => (time - times[i]!) / 1000);
      expect(pauses[0]).toBeLessThanOrEqual(30);
      expect(pauses.slice(1).every((pause, i) => pause >= pauses[i]! * 0.99)).toBe(true);
      const hours = (times.at(-1)! - times[0]!) / 3_600_000;
      expect([hours > 19, hours <= 24]).toEqual([true, true]);
      expect(new Set(proxy.posts.map(({ id }) => id)).size).toBe(1);
      expect(proxy.stored().callback).toMatchObject({ status: 'failed', attempts: times.length });
      expect(proxy.audit.events().filter(({ action }) => action === 'exported')).toHaveLength(1);
      expect(proxy.notices.rows()).toEqual([]);
    }
  });

  it('shows how often it was tried', async () => {
    const proxy = await submitted({ post: [500] });
    await proxy.drain();
    await deliver(proxy.deps, key(proxy.check.id));
    expect(proxy.stored().callback).toMatchObject({ status: 'pending', attempts: 1 });
  });

  it('is refused where the policy no longer allows it, and nothing is sent', async () => {
    const proxy = await submitted();
    await proxy.drain();
    const closed = policyOf([all]);
    await deliver({ ...proxy.deps, policy: closed }, key(proxy.check.id));
    expect(proxy.posts).toEqual([]);
    expect(proxy.stored().callback).toMatchObject({ status: 'refused', attempts: 0 });
    const decision = { allowed: false, policy: closed.hash };
    expect(proxy.audit.events().at(-1)).toMatchObject({ action: 'exported', outcome: { code: 'refused' }, decision });
    expect(proxy.notices.rows()).toEqual([]);
  });

  it('goes on while the proxy is paused', async () => {
    const proxy = await submitted();
    await proxy.drain();
    await deliver({ ...proxy.deps, ...{ paused: true } }, key(proxy.check.id));
    expect(proxy.stored().callback?.status).toBe('delivered');
  });

  it('is told of a cancellation', async () => {
    const proxy = await submitted();
    await cancel(proxy.deps, proxy.actor, proxy.check.id);
    await proxy.drainNotices();
    expect(JSON.parse(proxy.posts[0]!.body)).toMatchObject({ data: { status: 'Canceled' } });
  });

  it('waits for the end, and is looked at once an hour until then', async () => {
    const proxy = await submitted({ begin: [accepted], poll: [accepted] });
    expect(await deliver(proxy.deps, key(proxy.check.id))).toEqual({ outcome: 'early' });
    proxy.advance(3600);
    expect(await deliver(proxy.deps, key(proxy.check.id))).toEqual({ outcome: 'waiting' });
    expect(await deliver(proxy.deps, key(proxy.check.id))).toEqual({ outcome: 'early' });
    expect(proxy.posts).toEqual([]);
  });

  it('of a request that was never accepted is deleted', async () => {
    const proxy = memoryProxy({}, { policy });
    await createListeners(proxy.deps, 'check').add('5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f', { kind: 'callback', url });
    proxy.advance(3700);
    expect(await proxy.sweepNotices()).toBe(1);
    await proxy.drainNotices();
    expect(proxy.notices.rows()).toEqual([]);
  });

  it('whose message is lost is woken by the sweeper', async () => {
    const proxy = await submitted();
    await proxy.drain();
    proxy.noticeQueue.sent.splice(0);
    expect(await proxy.sweepNotices()).toBe(0);
    proxy.advance(31);
    expect(await proxy.sweepNotices()).toBe(1);
    await proxy.drainNotices();
    expect(proxy.stored().callback?.status).toBe('delivered');
  });

  it('is not told twice by messages that come twice', async () => {
    const proxy = await submitted();
    await proxy.drain();
    proxy.noticeQueue.sent.push(...proxy.noticeQueue.sent, ...proxy.noticeQueue.sent);
    await Promise.all(proxy.noticeQueue.sent.splice(0).map((message) => deliver(proxy.deps, message.key)));
    expect(proxy.posts).toHaveLength(1);
  });
});

describe('a notice that somebody changed in its table', () => {
  it.each([
    ['another path of the same host', 'https://hooks.example.com/mine', undefined],
    ['another host that the policy names', 'https://other.example.com/mine', undefined],
    ['another query', `${url}2`, undefined],
    ['another id of the message', url, '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f'],
  ])('to %s sends the result nowhere, and is in the audit', async (_, to, id) => {
    const callbacks = ['https://hooks.example.com/**', 'https://other.example.com/**'];
    const proxy = await submitted({}, { policy: policyOf([all], {}, { callbacks }) });
    const find = proxy.deps.notices.find;
    const notices = {
      ...proxy.deps.notices,
      find: async (asked: Parameters<typeof find>[0]) => {
        const found = await find(asked);
        const about = { kind: 'check', id: id ?? asked.about.id } as const;
        return found && { ...found, notice: { ...found.notice, about, to: { kind: 'callback', url: to } as const } };
      },
    };
    await proxy.drain();
    expect(await deliver({ ...proxy.deps, notices }, key(proxy.check.id))).toMatchObject({ outcome: 'refused' });
    expect([proxy.posts, proxy.stored().callback?.status]).toEqual([[], 'refused']);
    expect(proxy.audit.events().at(-1)).toMatchObject({
      ...{ action: 'exported', outcome: { code: 'refused' }, target: { resource: 'https://hooks.example.com' } },
      decision: { allowed: false, reason: expect.stringContaining('`notices`') as string },
    });
    expect(JSON.stringify([proxy.stored(), proxy.audit.events()])).not.toMatch(/mine|secret/);
  });
});

describe('an idempotency key', () => {
  it('stands for the callback, too: the same URL is the same check, another URL another request', async () => {
    const proxy = await submitted({}, {}, 'one');
    expect((await proxy.again()).check.id).toBe(proxy.check.id);
    const [actor, { asked }] = sampleSubmission();
    for (const callback of [{ url: `${url}2` }, undefined])
      await expect(
        submit(proxy.deps, actor, { asked: { ...asked, callback }, idempotencyKey: 'one' }),
      ).rejects.toMatchObject({ code: 'IdempotencyKeyReused' });
    expect(proxy.check.fingerprint).not.toContain('hooks');
    expect(proxy.notices.rows()).toHaveLength(1);
  });
});

describe('a callback that the policy does not name', () => {
  it('refuses the request, which is audited like any refusal', async () => {
    const proxy = memoryProxy({}, { policy });
    const [actor, { asked }] = sampleSubmission();
    const callback = { url: 'https://evil.example.com/canary' };
    await expect(submit(proxy.deps, actor, { asked: { ...asked, callback } })).rejects.toMatchObject({
      code: 'PolicyRefused',
    });
    expect(proxy.audit.events()).toMatchObject([{ action: 'refused', decision: { allowed: false } }]);
    expect(JSON.stringify(proxy.audit.events())).not.toContain('canary');
    expect([proxy.store.rows(), proxy.notices.rows()]).toEqual([[], []]);
  });
});

it('a day is over when the next try would be after it', () => {
  const endedAt = new Date('2026-03-01T00:00:00Z');
  expect(nextTry(new Date('2026-03-01T20:00:00Z'), endedAt, 12, () => 0.5)).toEqual(new Date('2026-03-01T23:00:00Z'));
  expect(nextTry(new Date('2026-03-01T22:00:00Z'), endedAt, 12, () => 0.5)).toBeUndefined();
});
