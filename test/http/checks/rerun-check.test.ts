import { describe, expect, it } from 'vitest';
import { policyOf } from '../../support/memory/memory-proxy.ts';
import { objectIdOf } from '../../support/object-id-of.ts';
import { webVm } from '../../support/samples.ts';
import { azuriteApp } from '../azurite-app.ts';
import { memoryApp, publicUrl, sampleBody } from '../memory-app.ts';

interface View {
  readonly id: string;
  readonly rerunOf?: string;
  readonly networkWatcher?: string;
  readonly reason?: string;
  readonly status: string;
  readonly request: object;
  readonly requester: { readonly name: string };
}
const viewOf = ({ text }: { readonly text: string }): View => JSON.parse(text) as View;

describe('POST /api/checks/{id}/rerun', () => {
  it('asks the same again, as a submit: a new check with links, its own reason and `rerunOf`', async () => {
    const app = azuriteApp();
    const first = await app.submit();
    await app.drain();
    const again = await app.ask(`POST /api/checks/${first.json.id}/rerun`, { body: { reason: 'INC-7' } });
    const view = viewOf(again);
    expect(again.status).toBe(202);
    expect(view).toMatchObject({ rerunOf: first.json.id, reason: 'INC-7', request: viewOf(first).request });
    expect(view.id).not.toBe(first.json.id);
    expect(again.headers.get('operation-location')).toBe(`${publicUrl}/api/checks/${view.id}`);
    expect(again.headers.get('location')).toBe(`${publicUrl}/api/checks/${view.id}/result`);
    expect(again.headers.get('retry-after')).toBe('1');
    await app.drain();
    expect(viewOf(await app.ask(`GET /api/checks/${view.id}`))).toMatchObject({
      status: 'Succeeded',
      rerunOf: first.json.id,
    });
  });

  it.each([
    ['no body', undefined, {}],
    ['an empty object', {}, {}],
    ['an absent reason', { reason: null }, {}],
    ['an empty body that says what it is', undefined, { 'content-type': 'application/json', 'content-length': '0' }],
  ])('takes %s, and no reason from the earlier check', async (_what, body, headers) => {
    const app = memoryApp();
    const { json } = await app.submit();
    const again = await app.ask(`POST /api/checks/${json.id}/rerun`, { body, headers });
    expect(again.status).toBe(202);
    expect(viewOf(again)).not.toHaveProperty('reason');
  });

  it('is the same for the same key, whatever became of the earlier check meanwhile; only a watcher that was given is asked for again', async () => {
    const app = azuriteApp();
    const networkWatcher = `${webVm.replace(/providers.*/, '')}providers/Microsoft.Network/networkWatchers/nw-1`;
    for (const [body, given] of [
      [sampleBody, undefined],
      [{ ...sampleBody, networkWatcher }, networkWatcher],
    ] as const) {
      const { id } = viewOf(await app.submit({ body }));
      const key = { headers: { 'idempotency-key': `again ${id}` } };
      const before = viewOf(await app.ask(`POST /api/checks/${id}/rerun`, key));
      expect(before.networkWatcher).toBe(given);
      await app.drain();
      expect(viewOf(await app.ask(`GET /api/checks/${id}`)).networkWatcher).toBeDefined();
      const repeated = await app.ask(`POST /api/checks/${id}/rerun`, key);
      expect([repeated.status, viewOf(repeated).id]).toEqual([202, before.id]);
      expect(viewOf(await app.ask(`POST /api/checks/${id}/rerun`)).networkWatcher).toBe(given);
    }
  });

  it('refuses a member that it does not know, and a body that is none', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const ask = (body: unknown) => app.ask(`POST /api/checks/${json.id}/rerun`, { body });
    expect((await ask({ callback: 'x' })).json.error).toMatchObject({
      code: 'InvalidRequest',
      details: [{ code: 'UnknownMember', target: 'callback' }],
    });
    expect((await ask('{')).status).toBe(400);
    expect(app.actions()).toEqual(['requested']);
  });

  it('waits for the end where that is preferred', async () => {
    const app = memoryApp({}, {}, (proxy) => ({
      sleep: async (milliseconds) => {
        await proxy.deps.sleep(milliseconds);
        await proxy.drain();
      },
    }));
    const { json } = await app.submit();
    await app.drain();
    const again = await app.ask(`POST /api/checks/${json.id}/rerun`, { headers: { prefer: 'wait=10' } });
    expect([again.status, viewOf(again).status, again.headers.get('preference-applied')]).toEqual([
      200,
      'Succeeded',
      'wait=10',
    ]);
  });

  it('is decided anew, limited and audited like any submit', async () => {
    const app = azuriteApp();
    const { json } = await app.submit();
    const strict = app.under(policyOf([{ id: 'closed', effect: 'deny', reason: 'closed now' }]));
    const refused = await strict.ask(`POST /api/checks/${json.id}/rerun`);
    expect([refused.status, refused.json.error.code]).toEqual([403, 'PolicyRefused']);
    const limited = app.under(policyOf([{ id: 'all', effect: 'allow' }], { requestsPerMinute: 1 }));
    expect((await limited.ask(`POST /api/checks/${json.id}/rerun`)).status).toBe(429);
  });

  it('is 409 for a check that had probe headers, waiting or ended: they are to be sent again', async () => {
    const app = memoryApp();
    const headers = [{ name: 'X-Request-Id', value: 'secret-of-mine' }];
    const body = { ...sampleBody, protocol: 'Http', protocolConfiguration: { HTTPConfiguration: { headers } } };
    const { json } = await app.submit({ body });
    for (const drain of [() => Promise.resolve(), () => app.drain()]) {
      await drain();
      const again = await app.ask(`POST /api/checks/${json.id}/rerun`);
      expect([again.status, again.json.error.code]).toEqual([409, 'ProbeHeadersNeeded']);
      expect(again.json.error.message).toContain('send them again');
    }
    expect(app.store.rows()).toHaveLength(1);
  });

  it('is one check for all requests of one idempotency key, which never meets the key of a submit', async () => {
    const app = azuriteApp();
    const headers = { 'idempotency-key': 'key-1' };
    const first = await app.submit({ headers });
    const rerun = (body?: object) => app.ask(`POST /api/checks/${first.json.id}/rerun`, { headers, body });
    const again = await Promise.all([rerun(), rerun(), rerun()]);
    expect(new Set(again.map(({ json }) => json.id)).size).toBe(1);
    expect(again[0].json.id).not.toBe(first.json.id);
    expect((await rerun({ reason: 'another' })).status).toBe(422);
    const other = await app.submit();
    const elsewhere = await app.ask(`POST /api/checks/${other.json.id}/rerun`, { headers });
    expect(elsewhere.status).toBe(422);
    expect((await app.submit({ headers })).json.id).toBe(first.json.id);
  });

  it('is for whoever may read the check; another’s is read, and audited so, and the new one is theirs', async () => {
    const app = azuriteApp();
    const { json } = await app.submit();
    const path = `POST /api/checks/${json.id}/rerun`;
    expect((await app.ask(path, { user: 'bob' })).status).toBe(404);
    expect((await app.ask(path, { user: 'carol', roles: ['Audit.Read'] })).status).toBe(403);
    expect(await app.readings()).toEqual([]);
    await app.ask(`POST /api/checks/${json.id}/share`, { body: { to: [objectIdOf('bob')] } });
    const again = await app.ask(path, { user: 'bob' });
    expect([again.status, viewOf(again).requester.name]).toEqual([202, 'bob']);
    expect(await app.readings(json.id)).toEqual(['bob']);
    expect((await app.ask(`GET /api/checks/${viewOf(again).id}`)).status).toBe(404);
  });
});
