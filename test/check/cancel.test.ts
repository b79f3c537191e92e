import { expect, it } from 'vitest';
import { cancel } from '../../src/check/cancel.ts';
import { step } from '../../src/check/step.ts';
import { submit } from '../../src/check/submit.ts';
import { Problem } from '../../src/contract/problem.ts';
import { accepted, done, memoryProxy, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';

const { origin } = sampleCheck();

it('canceling ends a check that waits or runs, and what Azure answers later changes nothing', async () => {
  const proxy = memoryProxy({ begin: [accepted], poll: [done] });
  const {
    check: { id },
  } = await submit(proxy.deps, ...sampleSubmission());
  await step(proxy.deps, id);
  const check = await cancel(proxy.deps, { caller: sampleCaller(), origin }, id);
  expect(check).toMatchObject({ status: 'Canceled', startedAt: '2026-03-01T10:00:00.000Z' });
  await proxy.drain();
  expect(proxy.store.rows()[0]!.status).toBe('Canceled');
  expect(proxy.actions()).toEqual(['requested', 'started', 'canceled']);
  await expect(cancel(proxy.deps, { caller: sampleCaller(), origin }, id)).rejects.toMatchObject({
    code: 'CheckEnded',
  });
});

it('canceling works while the POST is under way', async () => {
  const proxy = memoryProxy();
  const {
    check: { id },
  } = await submit(proxy.deps, ...sampleSubmission());
  const watcher = {
    ...proxy.deps.watcher,
    begin: async () => (await cancel(proxy.deps, { caller: sampleCaller(), origin }, id), accepted),
  };
  expect(await step({ ...proxy.deps, watcher }, id)).toBe('lost');
  expect(proxy.store.rows()[0]!.status).toBe('Canceled');
  expect(proxy.actions()).toEqual(['requested', 'started', 'canceled']);
});

it('canceling is for the requester and for Check.Admin, whose name the event bears', async () => {
  const proxy = memoryProxy();
  const {
    check: { id },
  } = await submit(proxy.deps, ...sampleSubmission());
  await expect(
    cancel(proxy.deps, { caller: sampleCaller('bob', ['Check.Request', 'Audit.Read']), origin }, id),
  ).rejects.toMatchObject({ code: 'NotFound' });
  await cancel(proxy.deps, { caller: sampleCaller('carol', ['Check.Admin']), origin }, id);
  expect(proxy.audit.events()[1]).toMatchObject({ action: 'canceled', requester: { name: 'carol' } });
});

it('whoever learns, by canceling, that another’s check has ended is in the audit before the answer', async () => {
  const proxy = memoryProxy();
  const {
    check: { id },
  } = await submit(proxy.deps, ...sampleSubmission());
  await proxy.drain();
  const admin = { caller: sampleCaller('carol', ['Check.Admin']), origin };
  await expect(cancel(proxy.deps, admin, id)).rejects.toMatchObject({ code: 'CheckEnded' });
  expect(proxy.audit.events().at(-1)).toMatchObject({
    action: 'read',
    requester: { name: 'carol' },
    target: { resource: `/api/checks/${id}`, destination: '10.1.2.4' },
    decision: { allowed: true, roles: ['Check.Admin'] },
  });
  const record = () => Promise.reject(new Problem('AuditUnavailable', 'down'));
  const unaudited = { ...proxy.deps, audit: { ...proxy.deps.audit, record } };
  await expect(cancel(unaudited, admin, id)).rejects.toMatchObject({ code: 'AuditUnavailable' });
  const before = proxy.actions().length;
  await expect(cancel(proxy.deps, { caller: sampleCaller(), origin }, id)).rejects.toMatchObject({
    code: 'CheckEnded',
  });
  expect(proxy.actions()).toHaveLength(before);
});
