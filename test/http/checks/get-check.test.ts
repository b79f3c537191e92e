import { describe, expect, it } from 'vitest';
import { checkViewSchema } from '../../../src/contract/check.ts';
import { accepted, body as armBody, done } from '../../support/memory/memory-proxy.ts';
import { sampleTime } from '../../support/samples.ts';
import type { Pause } from '../../../src/check/state/stated-verdict.ts';
import { memoryApp, workOnSleep } from '../memory-app.ts';

const ten = { ...accepted, afterSeconds: 10 };

describe('GET /api/checks/{id}', () => {
  it('answers the check as it is: waiting, running, then with verdict and Azure’s result', async () => {
    const app = memoryApp({ begin: [ten], poll: [done] });
    const { json } = await app.submit();
    const path = `GET /api/checks/${json.id}`;
    const waiting = await app.ask(path);
    expect(waiting.json).toEqual(json);
    expect(waiting.headers.get('retry-after')).toBe('1');

    await app.work();
    const running = await app.ask(path);
    expect(running.json).toMatchObject({ status: 'Running', startedAt: sampleTime });
    expect(running.headers.get('retry-after')).toBe('10');

    await app.drain();
    const ended = await app.ask(path);
    expect(ended.headers.get('retry-after')).toBeNull();
    expect(checkViewSchema.parse(ended.json)).toEqual({
      ...running.json,
      status: 'Succeeded',
      finishedAt: '2026-03-01T10:00:10.000Z',
      result: JSON.parse(armBody),
      verdict: {
        summary: 'web-01 reaches 10.1.2.4 on TCP port 1433: 100 of 100 probes were answered.',
        reachability: 'Reachable',
        reasons: [],
      },
    });
  });

  it('tells that a check waits because the proxy is paused', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    const summary = async (pause: Pause) => {
      const paused = memoryApp({}, { pause }, () => ({ store: app.store }));
      return checkViewSchema.parse((await paused.ask(`GET /api/checks/${json.id}`)).json).verdict.summary;
    };
    const goesOn = ', and the check goes on when they end the pause.';
    expect(await summary({})).toContain(`waits for Azure to take it; the operators have paused this proxy${goesOn}`);
    expect(await summary({ reason: 'maintenance', contact: '+49 30 5550100' })).toContain(
      `have paused this proxy (maintenance; contact: +49 30 5550100)${goesOn}`,
    );
    await app.work();
    expect(await summary({ reason: 'maintenance' })).not.toContain('paused');
  });

  it('tells nobody to come back later than in 30 s', async () => {
    const app = memoryApp({ begin: [{ ...accepted, afterSeconds: 300 }] });
    const { json } = await app.submit();
    await app.work();
    expect((await app.ask(`GET /api/checks/${json.id}`)).headers.get('retry-after')).toBe('30');
  });

  it('shows a failed check with its error, and keeps Azure’s body for /result', async () => {
    const failure = {
      code: 'AzureRefused',
      message: 'Azure refused.',
      innererror: { code: 'X' },
      answer: { status: 403, body: '{}' },
    } as const;
    const app = memoryApp({ begin: [{ kind: 'failed', failure, arm: { status: 403 } }] });
    const { json } = await app.submit();
    await app.drain();
    const { status, json: view } = await app.ask(`GET /api/checks/${json.id}`);
    expect(status).toBe(200);
    expect(checkViewSchema.parse(view)).toMatchObject({
      status: 'Failed',
      error: { code: 'AzureRefused', message: 'Azure refused.', innererror: { code: 'X' } },
      verdict: {
        summary:
          'It could not be found out whether web-01 can reach 10.1.2.4 on TCP port 1433: Azure refused; read in innererror what Azure said, and submit the check again.',
        reasons: [{ code: 'AzureRefused', message: 'Azure refused.', owner: 'requester' }],
      },
    });
    expect(view).not.toHaveProperty('result');
  });
});

describe('an ETag', () => {
  it('is answered with 304 and no body for as long as the check stands still, also for a check that has ended', async () => {
    const app = memoryApp({ begin: [ten], poll: [done] });
    const { json } = await app.submit();
    const path = `GET /api/checks/${json.id}`;
    const seen = new Set<string>();
    for (const step of [() => undefined, () => app.work(), () => app.drain()]) {
      await step();
      const { headers } = await app.ask(path);
      const etag = headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[\w-]{20,}"$/);
      seen.add(etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await app.ask(path, { headers: { 'if-none-match': known } });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      }
    }
    expect(seen.size).toBe(3);
  });

  it('of an earlier state is answered with the new one', async () => {
    const app = memoryApp({ begin: [ten] });
    const { json } = await app.submit();
    const path = `GET /api/checks/${json.id}`;
    const etag = (await app.ask(path)).headers.get('etag') ?? '';
    await app.work();
    const { status, json: view } = await app.ask(path, { headers: { 'if-none-match': etag } });
    expect([status, view.status]).toEqual([200, 'Running']);
  });
});

describe('Prefer: wait', () => {
  it('holds the answer until the check ends', async () => {
    const app = memoryApp({ begin: [ten], poll: [done] }, {}, workOnSleep);
    const { json } = await app.submit();
    const { headers, json: view } = await app.ask(`GET /api/checks/${json.id}`, { headers: { prefer: 'wait=30' } });
    expect([view.status, headers.get('preference-applied')]).toEqual(['Succeeded', 'wait=30']);
  });

  it.each([
    ['wait=7', 7],
    ['wait=120', 120],
    ['wait=3600', 120],
    ['wait="8"', 8],
    ['return=minimal, WAIT = 9; x=y', 9],
    ['wait=0', 0],
    ['wait=-5', 0],
    ['wait=1.5', 0],
    ['wait=10abc', 0],
    [`wait=${'9'.repeat(400)}`, 0],
    ['nowait=5', 0],
    ['wait', 0],
    ['', 0],
  ])('%j holds it for %i s at most', async (prefer, seconds) => {
    const app = memoryApp();
    const { json } = await app.submit();
    const before = app.now().getTime();
    const { status, headers } = await app.ask(`GET /api/checks/${json.id}`, { headers: { prefer } });
    expect([status, (app.now().getTime() - before) / 1000]).toEqual([200, seconds]);
    expect(headers.get('preference-applied')).toBe(seconds === 0 ? null : `wait=${seconds}`);
  });

  it('does not hold the answer about a check that has ended', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    await app.drain();
    const before = app.now();
    await app.ask(`GET /api/checks/${json.id}`, { headers: { prefer: 'wait=60' } });
    expect(app.now()).toEqual(before);
  });
});

describe('a requester who holds ten answers in an instance', () => {
  it('has the next one at once, without Preference-Applied, while others wait', async () => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const app = memoryApp({}, {}, (proxy) => ({
      sleep: async () => {
        await ended;
        proxy.advance(1);
        await proxy.drain();
      },
    }));
    const { json } = await app.submit();
    const target = `GET /api/checks/${json.id}`;
    const wait = (asking: Parameters<typeof app.ask>[1] = {}) =>
      app.ask(target, { ...asking, headers: { prefer: 'wait=30' } });
    const held = Array.from({ length: 10 }, () => wait());
    const { status, json: view, headers } = await wait();
    expect([status, view.status, headers.get('preference-applied')]).toEqual([200, 'NotStarted', null]);
    const submitted = await app.submit({ headers: { prefer: 'wait=30' } });
    expect([submitted.status, submitted.headers.get('preference-applied')]).toEqual([202, null]);
    const others = wait({ user: 'carol', roles: ['Audit.Read'] });
    end();
    for (const answer of await Promise.all([...held, others]))
      expect([answer.json.status, answer.headers.get('preference-applied')]).toEqual(['Succeeded', 'wait=30']);
    expect((await wait()).headers.get('preference-applied')).toBe('wait=30');
  });
});

describe('who may see a check', () => {
  const calls = ['GET /api/checks/{id}', 'GET /api/checks/{id}/result', 'DELETE /api/checks/{id}'];
  const unknown = '00000000-0000-4000-8000-00000000ffff';

  it.each(calls)('%s: one answer for another’s id, an unknown one and a malformed one', async (call) => {
    const app = memoryApp();
    const { json } = await app.submit();
    const answers = await Promise.all(
      [json.id, unknown, 'x', 'null', `${unknown}x`, '__proto__', '*', "' or true"].map((id) =>
        app.ask(call.replace('{id}', encodeURIComponent(id)), { user: 'bob' }),
      ),
    );
    // But for the id of the request, which is another each time.
    const bodies = new Set(answers.map(({ status, text }) => `${status} ${text.replace(/,"requestId":"[^"]+"/, '')}`));
    expect([...bodies]).toEqual([
      '404 {"error":{"code":"NotFound","message":"There is no check of that id, or it is not yours."}}',
    ]);
    expect(app.actions()).toEqual(['requested']);
  });

  it('takes an id in capitals', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    expect((await app.ask(`GET /api/checks/${json.id.toUpperCase()}`)).json.id).toBe(json.id);
  });

  it.each(calls.slice(0, 2))('%s: Audit.Read sees another’s, and is seen itself', async (call) => {
    const app = memoryApp();
    const { json } = await app.submit();
    const target = call.replace('{id}', json.id);
    const { status } = await app.ask(target, { user: 'carol', roles: ['Audit.Read'] });
    expect(status).toBeLessThan(300);
    const [, event] = app.audit.events();
    expect(event).toMatchObject({
      action: 'read',
      checkId: json.id,
      requester: { name: 'carol' },
      target: { resource: target.replace('GET ', ''), destination: '10.1.2.4', port: 1433 },
    });
    await app.ask(target, { roles: ['Check.Request', 'Audit.Read'] });
    expect(app.actions()).toEqual(['requested', 'read']);
  });
});
