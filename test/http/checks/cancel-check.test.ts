import { describe, expect, it } from 'vitest';
import { accepted } from '../../support/memory/memory-proxy.ts';
import { sampleTime } from '../../support/samples.ts';
import { memoryApp } from '../memory-app.ts';

describe('DELETE /api/checks/{id}', () => {
  it('cancels one’s own check that waits or runs, and no more calls are made for it', async () => {
    for (const steps of [0, 1]) {
      const app = memoryApp({ begin: [accepted] });
      const { json } = await app.submit();
      for (let step = 0; step < steps; step++) await app.work();
      const calls = app.calls.length;
      const { status, json: view } = await app.ask(`DELETE /api/checks/${json.id}`);
      expect([status, view.status, view.finishedAt]).toEqual([200, 'Canceled', sampleTime]);
      await app.drain();
      expect(app.calls).toHaveLength(calls);
      expect(app.actions()).toEqual(['requested', ...(steps === 0 ? [] : ['started']), 'canceled']);
      expect((await app.ask(`GET /api/checks/${json.id}`)).json).toEqual(view);
    }
  });

  it('answers 409 where the check had ended, by a result or by being canceled', async () => {
    const app = memoryApp();
    const ended = await app.submit();
    await app.drain();
    const canceled = await app.submit();
    await app.ask(`DELETE /api/checks/${canceled.json.id}`);
    for (const { json } of [ended, canceled]) {
      const { status, json: error, headers } = await app.ask(`DELETE /api/checks/${json.id}`);
      expect([status, error.error.code, headers.get('x-ms-error-code')]).toEqual([409, 'CheckEnded', 'CheckEnded']);
    }
  });

  it('lets Check.Admin cancel any, and the audit says who did', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const asking = { user: 'carol', roles: ['Check.Admin'], headers: { 'x-forwarded-for': '203.0.113.9:1' } };
    expect((await app.ask(`DELETE /api/checks/${json.id}`, asking)).status).toBe(200);
    expect(app.audit.events().at(-1)).toMatchObject({
      action: 'canceled',
      checkId: json.id,
      requester: { name: 'carol' },
      sourceAddress: '203.0.113.9',
    });
    expect(app.store.rows()[0]?.caller.requester.name).toBe('alice');
  });

  it('is not for Audit.Read alone', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const { status, json: error } = await app.ask(`DELETE /api/checks/${json.id}`, { roles: ['Audit.Read'] });
    expect([status, error.error.code]).toEqual([403, 'MissingRole']);
  });
});
