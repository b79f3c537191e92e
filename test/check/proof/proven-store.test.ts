import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { CheckStore } from '../../../src/check/ports/check-store.ts';
import { provenStore } from '../../../src/check/proof/proven-store.ts';
import type { WaitingCheck } from '../../../src/check/state/check.ts';
import { eventOf } from '../../../src/check/state/event-of.ts';
import { submit } from '../../../src/check/submit.ts';
import { allowAll, memoryProxy, sampleSubmission } from '../../support/memory/memory-proxy.ts';
import { sampleCaller, sampleCheck } from '../../support/samples.ts';

const team = '00000000-0000-4000-8000-00000000a001';
const caller = { ...sampleCaller(), groups: [team] };
const decision = { ...sampleCheck().decision, roles: caller.roles, groups: caller.groups };
const accepted = sampleCheck({ caller, decision });

/** A check that was accepted, whose row was changed by somebody without the key. */
async function changed(changes: Partial<WaitingCheck> = {}, marks: { unsigned?: true } = { unsigned: true }) {
  const proxy = memoryProxy();
  await proxy.accept(accepted);
  const stored = await proxy.store.find(accepted.id);
  await proxy.store.replace(stored!, { ...accepted, ...changes });
  const rows: CheckStore = {
    ...proxy.store,
    find: async (id) => {
      const found = await proxy.store.find(id);
      return found && { ...found, ...marks };
    },
  };
  let asked = 0;
  const audit: typeof proxy.audit = {
    ...proxy.audit,
    find: (key) => {
      asked++;
      return proxy.audit.find(key);
    },
  };
  const forged: string[] = [];
  const deps = { audit, knownRequests: new Map<string, AuditEvent>(), policy: allowAll };
  const store = provenStore(rows, deps, (id) => forged.push(id));
  return { ...proxy, store, forged, asked: () => asked };
}

describe('a row that the app has not signed', () => {
  it.each<[string, Partial<WaitingCheck>]>([
    ['another requester', { caller: { ...sampleCaller('mallory'), groups: [team] } }],
    ['a further role', { caller: { ...caller, roles: [...caller.roles, 'Audit.Read'] } }],
    ['no role', { caller: { ...caller, roles: [] } }],
    ['no group', { caller: { ...caller, groups: [] } }],
    ['more groups than can be told', { caller: { ...caller, groupsOverage: true } }],
    ['another destination', { request: { ...accepted.request, destination: { address: '10.1.7.78', port: 1433 } } }],
    ['another time', { createdAt: '2026-01-01T00:00:00.000Z' }],
  ])('with %s is not there, but for those who end it, and is told', async (_, changes) => {
    const { store, forged } = await changed(changes);
    expect(await store.find(accepted.id)).toBeUndefined();
    expect(await store.find(accepted.id, 'forged')).toMatchObject({ unsigned: true, check: changes });
    expect(forged).toEqual([accepted.id, accepted.id]);
  });

  it('is believed as far as its `requested` event goes, of which the log is asked once', async () => {
    const { store, forged, asked } = await changed({
      caller: { ...caller, requester: { ...caller.requester, name: 'Somebody Else' } },
      decision: { ...decision, rule: 'another' },
      sharedWith: { until: '2099-01-01T00:00:00.000Z' },
    });
    for (let time = 0; time < 2; time++) {
      const found = await store.find(accepted.id);
      expect(found).toMatchObject({ check: { ...accepted, caller, decision } });
      expect([found?.check.sharedWith, found?.unsigned]).toEqual([undefined, undefined]);
    }
    expect([asked(), forged]).toEqual([1, []]);
  });

  const deps = { now: () => new Date(accepted.createdAt), newId: () => accepted.id, deputy: 'd' };
  it('brings events of how it moved in its requester’s name, and no others', async () => {
    const started = eventOf(deps, accepted, 'started', { attempt: 1 });
    const own = await changed({ pendingEvent: started, audited: 2 });
    expect((await own.store.find(accepted.id))?.check.pendingEvent).toEqual(started);
    for (const pendingEvent of [
      eventOf(deps, accepted, 'canceled', { requester: sampleCaller('victim').requester }),
      eventOf(deps, accepted, 'exported'),
      eventOf(deps, accepted, 'shared'),
      { ...started, checkId: '00000000-0000-4000-8000-000000000001' },
    ]) {
      const { store } = await changed({ pendingEvent, audited: 2 });
      // It stays open, so that whoever looks at it next closes it.
      expect((await store.find(accepted.id))?.check).toMatchObject({ pendingEvent: undefined, awaited: true });
    }
  });
});

it('a row that is signed is believed, and the log is not asked', async () => {
  const { store, asked } = await changed({ sharedWith: { until: '2099-01-01T00:00:00.000Z' } }, {});
  expect((await store.find(accepted.id))?.check.sharedWith).toBeDefined();
  expect(asked()).toBe(0);
});

it('a request that broke off behind its event, and comes again with other roles, has those of the event', async () => {
  const proxy = memoryProxy();
  const ask = (roles: string[], changes = {}) =>
    submit(
      { ...proxy.deps, ...changes },
      ...sampleSubmission({ caller: sampleCaller('alice', roles), idempotencyKey: 'one' }),
    );
  const broken = { ...proxy.store, insert: () => Promise.reject(new Error('It broke off.')) };
  await expect(ask(['Check.Request', 'Special'], { store: broken })).rejects.toThrow('broke off');
  proxy.advance(5);
  const { check } = await ask(['Check.Request']);
  expect(check.caller.roles).toEqual(['Check.Request', 'Special']);
  await proxy.drain();
  expect(proxy.store.rows()[0]?.status).toBe('Succeeded');
});
