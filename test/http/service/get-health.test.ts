import { HttpRequest, HttpResponse, InvocationContext, type HttpHandler } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { OperationName } from '../../../src/http/operations.ts';
import { expectAsDocumented } from '../answers.ts';
import type { Pause } from '../../../src/check/state/stated-verdict.ts';
import { getHealth, getReadiness, type Probes } from '../../../src/http/service/get-health.ts';

async function ask(handler: HttpHandler, name: OperationName = 'getReadiness') {
  const log: string[] = [];
  const context = new InvocationContext({ logHandler: (level, text) => log.push(`${level} ${String(text)}`) });
  const request = new HttpRequest({ method: 'GET', url: 'https://proxy.example/api/health' });
  const answer = new HttpResponse((await handler(request, context)) as ConstructorParameters<typeof HttpResponse>[0]);
  const text = await answer.text();
  expectAsDocumented(name, { status: answer.status, headers: answer.headers, text });
  return { status: answer.status, headers: answer.headers, json: JSON.parse(text) as unknown, log };
}

describe('GET /api/health', () => {
  it('answers 200 without a token', async () => {
    expect(await ask(getHealth, 'getHealth')).toMatchObject({ status: 200, json: { status: 'ok' } });
  });
});

const readiness = (probes: Probes, now = () => new Date()) => getReadiness({ probes, now });
const paused = (pause: Pause, queue: () => Promise<unknown> = () => Promise.resolve()) =>
  getReadiness({ probes: { queue }, pause, now: () => new Date() });

describe('GET /api/health/ready', () => {
  it('answers 200 where every part answers', async () => {
    const ready = readiness({ tables: () => Promise.resolve(), queue: () => Promise.resolve('anything') });
    expect(await ask(ready)).toMatchObject({
      status: 200,
      json: { status: 'ok', parts: { tables: 'ok', queue: 'ok' } },
      log: [],
    });
  });

  it('answers 503 and names what is wrong; why is for the log alone', async () => {
    const broken = () => Promise.reject(new Error('refused', { cause: new Error('account key abc') }));
    const { status, json, headers, log } = await ask(readiness({ tables: broken, queue: () => Promise.resolve() }));
    expect([status, json, headers.get('retry-after')]).toEqual([
      503,
      { status: 'failed', parts: { tables: 'failed', queue: 'ok' } },
      '10',
    ]);
    expect(log).toEqual(
      ['warn {"message":"Not ready.","part":"tables","cause":"Error: refused < Error: account key abc"}'].map((line) =>
        line.replace('warn', 'warning'),
      ),
    );
  });

  it('tells of a pause, which is no failure, and to anybody no more than its reason', async () => {
    const json = { status: 'ok', parts: { queue: 'ok' } };
    expect(await ask(paused({}))).toMatchObject({ status: 200, json: { ...json, paused: {} } });
    const { status, json: told } = await ask(paused({ reason: 'maintenance', contact: '#netcheck' }));
    expect([status, told]).toEqual([200, { ...json, paused: { reason: 'maintenance' } }]);
    expect(await ask(paused({ reason: 'maintenance' }, () => Promise.reject(new Error('gone'))))).toMatchObject({
      status: 503,
      json: { status: 'failed', paused: { reason: 'maintenance' } },
    });
  });

  it('waits 5 s for a part that does not answer, and no longer', async () => {
    const begin = Date.now();
    const { status, json } = await ask(
      readiness({ arm: () => new Promise(() => undefined), queue: () => Promise.resolve() }),
    );
    expect([status, json]).toEqual([503, { status: 'failed', parts: { arm: 'failed', queue: 'ok' } }]);
    expect(Date.now() - begin).toBeLessThan(6500);
  });

  it('asks the parts once for all who ask within five seconds', async () => {
    let time = 0;
    let asked = 0;
    const ready = readiness({ queue: () => Promise.resolve(++asked) }, () => new Date(time));
    await Promise.all([ask(ready), ask(ready)]);
    time = 4999;
    await ask(ready);
    expect(asked).toBe(1);
    time = 5000;
    await ask(ready);
    expect(asked).toBe(2);
  });
});
