import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/contract/problem.ts';
import { accepted, done, policyOf } from '../../support/memory/memory-proxy.ts';
import { objectIdOf } from '../../support/object-id-of.ts';
import { azuriteApp } from '../azurite-app.ts';
import { memoryApp } from '../memory-app.ts';

const bob = { user: 'bob' };
const sharedOf = ({ text }: { readonly text: string }): unknown =>
  (JSON.parse(text) as Record<string, unknown>)['sharedWith'];

describe('POST /api/checks/{id}/share', () => {
  it('opens a check to those who are named, until it ends, and each share replaces the last', async () => {
    const app = azuriteApp();
    const { json } = await app.submit();
    await app.drain();
    const path = `/api/checks/${json.id}`;
    const share = (body?: object) => app.ask(`POST ${path}/share`, { body });
    const seen = async (user: string) => (await app.ask(`GET ${path}`, { user })).status;

    const named = await share({ to: [objectIdOf('bob')] });
    expect(sharedOf(named)).toEqual({ to: [objectIdOf('bob')], until: '2026-03-08T10:00:00.000Z' });
    expect([await seen('bob'), await seen('mallory')]).toEqual([200, 404]);

    await share({ to: [objectIdOf('mallory').toUpperCase()], until: '2026-03-01T12:00:00+01:00' });
    expect([await seen('bob'), await seen('mallory')]).toEqual([404, 200]);
    app.advance(3600);
    expect(await seen('mallory')).toBe(404);

    // Anybody who may ask, and has the id.
    await share();
    expect([await seen('bob'), await seen('mallory')]).toEqual([200, 200]);
    expect((await app.ask(`GET ${path}`, { ...bob, roles: ['Check.Admin'] })).status).toBe(403);
    expect(sharedOf(await app.ask(`GET ${path}`))).toEqual({ until: '2026-03-08T11:00:00.000Z' });
    expect(sharedOf(await app.ask(`GET ${path}`, { user: 'carol', roles: ['Audit.Read'] }))).toBeDefined();
    expect(sharedOf(await app.ask(`GET ${path}`, bob))).toBeUndefined();
    expect((await app.ask('GET /api/checks')).text).toContain('sharedWith');

    const taken = await app.ask(`DELETE ${path}/share`);
    expect([taken.status, sharedOf(taken)]).toEqual([200, undefined]);
    expect(await seen('bob')).toBe(404);
    // There is nothing to take back: no event.
    await app.ask(`DELETE ${path}/share`);
    const { events } = await app.events(json.id);
    expect(
      events
        .filter(({ action }) => action.includes('shared'))
        .map(({ action, sharedWith }) => [action, sharedWith?.to]),
    ).toEqual([
      ['unshared', undefined],
      ['shared', undefined],
      ['shared', [objectIdOf('mallory').toUpperCase()]],
      ['shared', [objectIdOf('bob')]],
    ]);
  });

  it.each([
    [{ to: [] }, 'to'],
    [{ to: ['a/b'] }, 'to.0'],
    [{ to: [objectIdOf('bob'), 'bob@contoso.com', objectIdOf('mallory')] }, 'to.1'],
    [{ to: [objectIdOf('bob'), 'bob'] }, 'to.1'],
    [{ to: [`${objectIdOf('bob')} `] }, 'to.0'],
    [{ to: [`{${objectIdOf('bob')}}`] }, 'to.0'],
    [{ to: [objectIdOf('bob').replaceAll('-', '')] }, 'to.0'],
    [{ to: [objectIdOf('bob'), 7] }, 'to.1'],
    [{ until: '2026-03-01T09:59:59Z' }, undefined],
    [{ until: '2026-04-01T10:00:00Z' }, undefined],
    [{ until: 'tomorrow' }, 'until'],
    [{ with: 'bob' }, 'with'],
  ])('refuses %j', async (body, target) => {
    const app = memoryApp();
    const { json } = await app.submit();
    const { status, json: answer } = await app.ask(`POST /api/checks/${json.id}/share`, { body });
    expect([status, answer.error.code]).toEqual([400, 'InvalidRequest']);
    if (target) expect(answer.error.details[0]?.target).toBe(target);
    expect(app.actions()).toEqual(['requested']);
  });

  it('is for the requester alone; Check.Admin takes a share back, and hears nothing of it', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const path = `/api/checks/${json.id}/share`;
    const admin = { user: 'adele', roles: ['Check.Request', 'Check.Admin', 'Audit.Read'] };
    expect((await app.ask(`POST ${path}`, admin)).status).toBe(404);
    await app.ask(`POST ${path}`, { body: { to: [objectIdOf('bob')] } });
    expect((await app.ask(`POST ${path}`, bob)).status).toBe(404);
    expect((await app.ask(`DELETE ${path}`, bob)).status).toBe(404);
    const canceled = await app.ask(`DELETE /api/checks/${json.id}`, { user: 'adele', roles: ['Check.Admin'] });
    expect([canceled.status, sharedOf(canceled)]).toEqual([200, undefined]);
    expect((await app.ask(`DELETE ${path}`, { user: 'adele', roles: ['Check.Admin'] })).status).toBe(200);
    expect((await app.ask(`GET /api/checks/${json.id}`, bob)).status).toBe(404);
    expect(app.audit.events().at(-1)).toMatchObject({ action: 'unshared', requester: { name: 'adele' } });
  });

  it('shows Check.Admin no check unseen, also where there is no share to take back', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    await app.drain();
    const path = `/api/checks/${json.id}/share`;
    const admin = { user: 'adele', roles: ['Check.Admin'] };
    const record = app.deps.audit.record;
    Object.assign(app.deps.audit, {
      record: () => Promise.reject(new Problem('AuditUnavailable', 'down', { retryAfterSeconds: 5 })),
    });
    expect((await app.ask(`DELETE ${path}`, admin)).status).toBe(503);
    Object.assign(app.deps.audit, { record });
    expect((await app.ask(`DELETE ${path}`, admin)).status).toBe(200);
    const read = { action: 'read', checkId: json.id, requester: { name: 'adele' }, target: { resource: path } };
    expect(app.audit.events().at(-1)).toMatchObject(read);
    const before = app.actions().length;
    expect((await app.ask(`DELETE ${path}`)).status).toBe(200);
    expect(app.actions()).toHaveLength(before);
  });

  it('is done at most 50 times, which holds up no check for long, and can be taken back after that', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const path = `/api/checks/${json.id}/share`;
    const statuses: number[] = [];
    for (let times = 0; times < 30; times++) statuses.push((await app.ask(`POST ${path}`)).status);
    // The end keeps how often it was.
    await app.drain();
    for (let times = 0; times < 22; times++) statuses.push((await app.ask(`POST ${path}`)).status);
    expect(statuses).toEqual([...Array<number>(50).fill(200), 400, 400]);
    expect((await app.ask(`DELETE ${path}`)).status).toBe(200);
    expect((await app.ask(`POST ${path}`)).status).toBe(400);
    expect((await app.ask(`GET /api/checks/${json.id}`)).json.status).toBe('Succeeded');
    const actions = app.actions();
    expect([actions.filter((action) => action === 'shared').length, actions.at(-1)]).toEqual([50, 'unshared']);
  });

  it('can be done while Azure works on the check, which goes on with one POST and ends with its share', async () => {
    const app = memoryApp({ begin: [accepted], poll: [done] }, {}, (proxy) => ({ store: proxy.store }));
    const { json } = await app.submit();
    // Between the POST and what is written of it.
    const begin = app.deps.watcher.begin;
    const sharing = {
      ...app.deps.watcher,
      begin: async (...given: Parameters<typeof begin>) => {
        const answer = await begin(...given);
        await app.ask(`POST /api/checks/${json.id}/share`, { body: { to: [objectIdOf('bob')] } });
        await app.ask(`POST /api/checks/${json.id}/share`, { body: { to: [objectIdOf('eve')] } });
        return answer;
      },
    };
    Object.assign(app.deps, { watcher: sharing });
    await app.drain();
    expect(app.calls.filter(({ kind }) => kind === 'begin')).toHaveLength(1);
    expect(app.actions()).toEqual(['requested', 'started', 'shared', 'shared', 'finished']);
    expect((await app.ask(`GET /api/checks/${json.id}`, { user: 'eve' })).json.status).toBe('Succeeded');
  });

  it('shows nothing of a path that policy denies the reader, also where that comes out while the reader waits', async () => {
    const group = '00000000-0000-4000-8000-000000000001';
    const hops = [{ type: 'Source' }, { type: 'VirtualNetwork', address: '10.99.1.1' }];
    const body = JSON.stringify({ hops, connectionStatus: 'Reachable', probesSent: 1 });
    const policy = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'closed', effect: 'deny', requesters: { groups: [group] }, destinations: ['10.99.0.0/16'] },
    ]);
    const app = memoryApp({ begin: [{ ...done, body }] }, { policy }, (proxy) => ({
      sleep: async (milliseconds) => {
        await proxy.deps.sleep(milliseconds);
        await proxy.drain();
      },
    }));
    const { json } = await app.submit();
    const path = `/api/checks/${json.id}`;
    await app.ask(`POST ${path}/share`);
    const headers = { prefer: 'wait=5' };
    const reader = { ...bob, groups: [group], headers };
    expect((await app.ask(`GET ${path}`, { ...reader, headers: {} })).status).toBe(200);
    const waited = await app.ask(`GET ${path}`, reader);
    expect([waited.status, waited.text.includes('10.99')]).toEqual([404, false]);
    expect((await app.ask(`GET ${path}/result`, reader)).status).toBe(404);
    expect((await app.ask(`GET ${path}`, { ...bob, headers })).json.status).toBe('Succeeded');
    // The audit comes before the answer that is waited for.
    expect(app.actions().filter((action) => action === 'read')).toEqual(['read']);
  });
});
