import { describe, expect, it } from 'vitest';
import { failPoisoned } from '../../../src/check/fail-poisoned.ts';
import type { Answer, Failure } from '../../../src/check/ports/network-watcher.ts';
import { accepted, done, type Script } from '../../support/memory/memory-proxy.ts';
import { memoryApp, publicUrl } from '../memory-app.ts';

async function resultOf(script: Script, changes: Parameters<typeof memoryApp>[1] = {}) {
  const app = memoryApp(script, changes);
  const { json } = await app.submit();
  await app.drain();
  return app.ask(`GET /api/checks/${json.id}/result`);
}

const failed = (failure: Failure): Answer => ({
  kind: 'failed',
  failure,
  arm: { status: failure.answer?.status ?? 0 },
});

describe('GET /api/checks/{id}/result', () => {
  it('answers 202 with its own address and Retry-After while the check waits and runs, and no redirect', async () => {
    const app = memoryApp({ begin: [accepted] });
    const { json } = await app.submit();
    for (const wait of ['1', '10']) {
      const { status, headers, text } = await app.ask(`GET /api/checks/${json.id}/result`);
      expect([status, text, headers.get('retry-after')]).toEqual([202, '', wait]);
      expect(headers.get('location')).toBe(`${publicUrl}/api/checks/${json.id}/result`);
      await app.work();
    }
  });

  it('answers 200 with Azure’s body as it came, to the byte', async () => {
    const body = '{\r\n  "hops": [],\r\n  "connectionStatus": "Reachable", "errors": {}, "new": [1.10, null, "ü"]\r\n}';
    const { status, headers, text } = await resultOf({ begin: [{ ...done, body }] });
    expect([status, text]).toEqual([200, body]);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('location')).toBeNull();
  });

  it.each([400, 403, 404, 409, 429])('answers Azure’s %i as it came', async (refused) => {
    const body = '{"error":{"code":" X ","message":"said Azure"}}';
    const answer = { status: refused, body };
    const { status, text, headers } = await resultOf({
      begin: [failed({ code: 'AzureRefused', message: 'm', answer })],
    });
    expect([status, text, headers.get('x-ms-error-code')]).toEqual([refused, body, 'AzureRefused']);
  });

  it.each([200, 500, 503])('answers 502 where Azure failed with %i, with its error inside', async (said) => {
    const failure = {
      code: 'AzureFailed',
      message: 'Azure is in trouble.',
      innererror: { code: 'InternalServerError' },
      answer: { status: said, body: '{}' },
    } as const;
    const { status, json, headers } = await resultOf({ begin: [failed(failure)] });
    const requestId = headers.get('x-ms-request-id');
    const innererror = { code: 'InternalServerError' };
    expect([status, json, headers.get('x-ms-error-code')]).toEqual([
      502,
      { error: { code: 'AzureFailed', message: 'Azure is in trouble.', requestId, innererror } },
      'AzureFailed',
    ]);
  });

  it('answers 504 past a deadline', async () => {
    const { status, json } = await resultOf({ begin: [accepted], poll: [accepted] });
    expect([status, json.error.code]).toEqual([504, 'DeadlineExceeded']);
  });

  it('answers 502 for a check that was given up', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    app.advance(91);
    expect(await failPoisoned(app.deps, json.id)).toBe(true);
    const { status, json: error } = await app.ask(`GET /api/checks/${json.id}/result`);
    expect([status, error.error.code]).toEqual([502, 'Poisoned']);
  });

  it('answers 409 for a canceled check', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    await app.ask(`DELETE /api/checks/${json.id}`);
    const { status, json: error } = await app.ask(`GET /api/checks/${json.id}/result`);
    expect([status, error.error.code]).toEqual([409, 'CheckCanceled']);
  });
});
