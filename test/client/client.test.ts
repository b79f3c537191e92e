import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Check } from '../../src/client/client.ts';
import { createClient, NetcheckError } from '../../src/client/client.ts';
import { operationNames, operations } from '../../src/http/operations.ts';
import { operationOf } from '../http/answers.ts';
import { callsOf, checkId, everyCall, sampleRequest } from './every-call.ts';
import { refusal, type Said, scriptedProxy, type ScriptedProxy } from './scripted-proxy.ts';

const started: ScriptedProxy[] = [];
afterEach(() => Promise.all(started.splice(0).map((proxy) => proxy.stop())));

async function start(...script: Parameters<typeof scriptedProxy>): Promise<ScriptedProxy> {
  const proxy = await scriptedProxy(...script);
  started.push(proxy);
  return proxy;
}

/** Answers these in turn, and then the last of them again. */
const inTurn =
  (...said: readonly Said[]) =>
  (_: unknown, count: number): Said =>
    said[Math.min(count, said.length) - 1] ?? {};

const ended = { id: checkId, status: 'Succeeded', counts: { running: 0 }, value: [] };
const running = { id: checkId, status: 'Running', counts: { running: 1 } };

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

describe('the calls', () => {
  it('are all in this test, and all that the API has for who has a token, but the making of checkpoints and what the page does for chats', () => {
    const client = createClient({ url: 'https://proxy.example', getToken: () => 'token' });
    expect(everyCall.map(([, name]) => name).toSorted()).toEqual(callsOf(client).toSorted());
    const called = new Set(
      everyCall.map(([request]) => {
        const [method = '', path = ''] = request.split(' ');
        return operationOf(method, path.split('?')[0] ?? '').name;
      }),
    );
    const isForClients = (path: string): boolean => path.startsWith('api/') && !path.startsWith('api/chat/');
    const left = operationNames.filter((name) => !called.has(name) && isForClients(operations[name].path));
    expect(left).toEqual(['makeCheckpoint', 'getSignIn', 'getHealth', 'getReadiness', 'getOpenApi']);
  });

  it.each(everyCall)('%s is %s', async (request, _name, make) => {
    const proxy = await start(() => ({ body: ended }));
    await make(proxy.client({ agent: 'cli/1.2.3' }), {});
    expect(proxy.paths()[0]).toBe(request);
    expect(proxy.asked[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      'x-netcheck-client': 'cli/1.2.3',
    });
  });

  it('say what they were asked to', async () => {
    const proxy = await start(() => ({ body: ended }));
    const client = proxy.client();
    await client.submit(sampleRequest, { wait: 20.5 });
    await client.rerun(checkId, { reason: 'INC-1', idempotencyKey: 'key-1', wait: 500 });
    await client.share(checkId, { to: ['a'], until: new Date('2026-03-08T10:00:00Z') });
    await client.compare(checkId, { with: 'previous' });
    await all(client.list({ status: ['Failed', 'Canceled'], port: 443, from: '-7d', source: undefined }));
    await all(client.audit.export({ format: 'csv', action: 'read' }));
    const [submitted, rerun, shared, compared, listed, exported] = proxy.asked;
    const bodies = [submitted, rerun, shared].map((asked) => JSON.parse(asked?.body ?? '') as unknown);
    expect(bodies).toEqual([sampleRequest, { reason: 'INC-1' }, { to: ['a'], until: '2026-03-08T10:00:00.000Z' }]);
    expect(submitted?.headers).toMatchObject({ 'content-type': 'application/json', prefer: 'wait=21' });
    expect(submitted?.headers['x-netcheck-client']).toBeUndefined();
    expect(rerun?.headers).toMatchObject({ 'idempotency-key': 'key-1', prefer: 'wait=120' });
    expect([compared?.path, listed?.path, exported?.path, exported?.headers.accept]).toEqual([
      `/api/checks/${checkId}/comparison?with=previous`,
      '/api/checks?status=Failed&status=Canceled&port=443&from=-7d',
      '/api/audit?action=read',
      'text/csv',
    ]);
  });

  it('are refused where an id is none, which would be another path', async () => {
    const proxy = await start(() => ({ body: ended }));
    const { sets, ...client } = proxy.client();
    for (const id of ['', '.', '..', 'a/b', 'a?b', 'a#b', '%2e%2e', 'a b', 'x'.repeat(65)])
      for (const call of [
        client.get,
        client.wait,
        client.result,
        client.rerun,
        client.compare,
        client.share,
        client.unshare,
        client.cancel,
        sets.get,
        sets.wait,
        sets.rerun,
        sets.cancel,
      ])
        expect(await errorOf(call(id))).toMatchObject({ code: 'NotFound', status: 404 });
    expect(proxy.asked).toEqual([]);
  });

  it('take an agent that a header can have', () => {
    for (const agent of ['', 'cli 1', 'cli/1\n', 'ü'])
      expect(() => createClient({ url: 'https://proxy.example', getToken: () => '', agent })).toThrow(TypeError);
  });

  it('go through the fetch that is given, which is nobody’s method', async () => {
    const proxy = await start(() => ({ body: ended }));
    const receivers: unknown[] = [];
    async function recording(this: unknown, ...sent: Parameters<typeof fetch>) {
      receivers.push(this);
      return fetch(...sent);
    }
    await proxy.client({ fetch: recording }).me();
    expect(receivers).toEqual([undefined]);
  });
});

describe('a result', () => {
  it('is there once the check has ended', async () => {
    const proxy = await start(inTurn({ status: 202, body: '' }, { body: { connectionStatus: 'Reachable' } }));
    expect(await proxy.client().result(checkId)).toBeUndefined();
    expect(await proxy.client().result(checkId)).toEqual({ connectionStatus: 'Reachable' });
  });

  it('of a failed check is the proxy’s code, with Azure’s own error', async () => {
    const azure = { code: 'AuthorizationFailed', message: 'No right.' };
    const headers = { 'x-ms-error-code': 'AzureRefused', 'x-ms-request-id': 'request-1' };
    const proxy = await start(() => ({ status: 403, headers, body: { error: azure } }));
    const error = await errorOf(proxy.client().result(checkId));
    expect(error).toMatchObject({ code: 'AzureRefused', status: 403, message: 'No right.', innererror: azure });
  });

  it('of one that met a deadline is not asked for again', async () => {
    const proxy = await start(() => refusal(504, 'DeadlineExceeded'));
    expect(await errorOf(proxy.client().result(checkId))).toMatchObject({ code: 'DeadlineExceeded', status: 504 });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('an error', () => {
  it('has code, status, request id, details and all that the proxy tells', async () => {
    const details = [{ code: 'InvalidValue', message: 'Give a port.', target: 'destination.port' }];
    const error = { code: 'InvalidRequest', message: 'A fault.', requestId: 'r-1', target: 'body', details };
    const proxy = await start(() => ({ status: 400, body: { error } }));
    const thrown = await errorOf(proxy.client().submit(sampleRequest));
    expect(thrown).toBeInstanceOf(NetcheckError);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({ name: 'NetcheckError', status: 400, ...error });
    expect(proxy.asked).toHaveLength(1);
  });

  it.each([
    [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Sign in' }, 'text/html'],
    [{ status: 200, body: '"text"' }, '200'],
    [{ status: 200, body: 'null' }, '200'],
    [{ status: 200, body: '' }, '200'],
    [{ status: 401, body: '' }, '401'],
    [{ status: 404, headers: { 'content-type': 'text/plain' }, body: 'not here' }, '404 and text/plain'],
    [{ status: 400, body: { error: 'a word' } }, '400'],
    [{ status: 500, body: '[]' }, '500'],
  ])('says that another than the proxy answered: %j', async (said, words) => {
    const proxy = await start(() => said);
    const error = await errorOf(proxy.client().me());
    expect(error).toMatchObject({ code: 'UnexpectedAnswer', status: said.status, details: [] });
    expect((error as Error).message).toContain(words);
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('what passes is asked again', () => {
  it('with the same key where an answer is lost, so that it is one check', async () => {
    const proxy = await start(inTurn({ breaks: true }, { breaks: true }, { status: 202, body: running }));
    expect(await proxy.client().submit(sampleRequest)).toEqual(running);
    const keys = proxy.asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), keys[0], keys[0]]);
    expect(new Set(proxy.asked.map(({ body }) => body)).size).toBe(1);
    await proxy.client().submit(sampleRequest);
    expect(proxy.asked.at(-1)?.headers['idempotency-key']).not.toBe(keys[0]);
  });

  it.each(['rerun', 'sets.create', 'sets.rerun'])('and so is each %s', async (name) => {
    const proxy = await start(inTurn({ breaks: true }, { status: 202, body: running }));
    await everyCall.find((each) => each[1] === name)?.[2](proxy.client(), {});
    const [one, other] = proxy.asked.map(({ headers }) => headers['idempotency-key']);
    expect([one, one]).toEqual([expect.any(String), other]);
  });

  it.each([
    [429, { 'retry-after': '7' }, 7],
    [503, { 'retry-after': '30' }, 30],
    [503, { 'retry-after': 'soon' }, 0.5],
    [503, {}, 0.5],
  ])('after %i with %j', async (status, headers, pause) => {
    const proxy = await start(inTurn(refusal(status, 'TooManyRequests', headers), { body: ended }));
    expect(await proxy.client().get(checkId)).toEqual(ended);
    expect(proxy.pauses).toEqual([pause]);
  });

  it('after a time that is told as a date', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const proxy = await start(inTurn(refusal(503, 'StorageUnavailable', { 'retry-after': date }), { body: ended }));
    await proxy.client().get(checkId);
    expect(proxy.pauses[0]).toBeGreaterThan(15);
    expect(proxy.pauses[0]).toBeLessThanOrEqual(20);
  });

  it.each([502, 503, 504])('where a gateway says %i', async (status) => {
    const page = { status, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' };
    const proxy = await start(inTurn(page, { body: ended }));
    expect(await proxy.client().submit(sampleRequest)).toEqual(ended);
    expect(proxy.asked).toHaveLength(2);
  });

  it('four times at most, for half a minute at most', async () => {
    const lost = await start(() => ({ breaks: true }));
    expect(await errorOf(lost.client().me())).toMatchObject({ code: 'NoAnswer', status: 0 });
    expect(lost.pauses).toEqual([0.5, 1, 2]);
    const slow = await start(() => refusal(503, 'AuditUnavailable', { 'retry-after': '12' }));
    expect(await errorOf(slow.client().me())).toMatchObject({ code: 'AuditUnavailable', retryAfterSeconds: 12 });
    expect(slow.pauses).toEqual([12, 12]);
  });

  it('not where that would take longer: the error says when', async () => {
    const proxy = await start(() => refusal(429, 'TooManyRequests', { 'retry-after': '3600' }));
    expect(await errorOf(proxy.client().submit(sampleRequest))).toMatchObject({ status: 429, retryAfterSeconds: 3600 });
    expect([proxy.asked.length, proxy.pauses]).toEqual([1, []]);
  });

  it.each(['InternalError', 'PolicyRefused', 'CheckEnded'])('not after %s', async (code) => {
    const proxy = await start(() => refusal(code === 'InternalError' ? 500 : 409, code));
    expect(await errorOf(proxy.client().get(checkId))).toMatchObject({ code });
    expect(proxy.asked).toHaveLength(1);
  });

  it('but no lost cancellation, which would be told as a check that had ended', async () => {
    const proxy = await start(inTurn({ breaks: true }, refusal(409, 'CheckEnded')));
    expect(await errorOf(proxy.client().cancel(checkId))).toMatchObject({ code: 'NoAnswer' });
    const busy = await start(inTurn(refusal(503, 'StorageUnavailable', { 'retry-after': '5' }), { body: ended }));
    expect(await busy.client().cancel(checkId)).toEqual(ended);
  });
});

describe('waiting', () => {
  it('asks for answers that are held, until the check has ended', async () => {
    const held = { headers: { 'preference-applied': 'wait=90', 'retry-after': '20' }, body: running };
    const proxy = await start(inTurn({ ...held, body: { ...running, status: 'NotStarted' } }, held, { body: ended }));
    expect(await proxy.client().wait(checkId)).toEqual(ended);
    expect(proxy.asked.map(({ headers }) => headers.prefer)).toEqual(['wait=90', 'wait=90', 'wait=90']);
    expect(proxy.pauses).toEqual([1, 1]);
  });

  it('looks again when it is told to, where the answer was not held', async () => {
    const said = [{ 'retry-after': '9' }, { 'retry-after': '3600' }, { 'retry-after': '0' }, {}];
    const proxy = await start(inTurn(...said.map((headers) => ({ headers, body: running })), { body: ended }));
    await proxy.client().wait(checkId);
    expect(proxy.pauses).toEqual([9, 30, 1, 1]);
  });

  it.each(['Succeeded', 'Failed', 'Canceled'])('ends with a check that is %s', async (status) => {
    const proxy = await start(() => ({ body: { ...ended, status } }));
    expect((await proxy.client().wait(checkId)).status).toBe(status);
    expect(proxy.asked).toHaveLength(1);
  });

  it('ends with a set of which nothing runs', async () => {
    const proxy = await start(inTurn({ body: running }, { body: ended }));
    expect(await proxy.client().sets.wait(checkId)).toEqual(ended);
    expect(proxy.paths()).toEqual([`GET /api/sets/${checkId}`, `GET /api/sets/${checkId}`]);
  });

  it('for what is run takes two requests, where it ends within the first held answer', async () => {
    const proxy = await start(inTurn({ status: 202, body: running }, { body: ended }));
    expect(await proxy.client().run(sampleRequest)).toEqual(ended);
    expect(proxy.paths()).toEqual(['POST /api/checks', `GET /api/checks/${checkId}`]);
    // The id is known before the wait begins, so that a wait that is broken off loses no check.
    expect(proxy.asked[0]?.headers.prefer).toBeUndefined();
  });
});

describe('a signal', () => {
  it.each(everyCall)('that is aborted keeps %s (%s) from being sent', async (_request, _name, make) => {
    const proxy = await start(() => ({ body: ended }));
    const reason = new Error('enough');
    const noToken = { getToken: () => Promise.reject(new Error('It was asked for a token.')) };
    expect(await errorOf(make(proxy.client(noToken), { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(proxy.asked).toEqual([]);
  });

  it.each(everyCall)('ends %s (%s) while there is no answer', async (_request, _name, make) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const proxy = await start(() => {
      controller.abort(reason);
      return { hangs: true };
    });
    expect(await errorOf(make(proxy.client(), { signal: controller.signal }))).toBe(reason);
    expect(proxy.asked).toHaveLength(1);
  });

  it('ends a pause, a wait for a token, and a list between its pages', async () => {
    const proxy = await start(() => refusal(503, 'Paused', { 'retry-after': '29' }));
    const begin = Date.now();
    const real = createClient({ url: proxy.url, getToken: () => 'token' });
    expect(await errorOf(real.me({ signal: AbortSignal.timeout(100) }))).toMatchObject({ name: 'TimeoutError' });
    const never = proxy.client({ getToken: () => new Promise(() => undefined) });
    expect(await errorOf(never.me({ signal: AbortSignal.timeout(50) }))).toMatchObject({ name: 'TimeoutError' });
    expect(Date.now() - begin).toBeLessThan(5000);
    const pages = await start((_, count) => ({ body: { value: [count], nextLink: `/api/checks?after=${count}` } }));
    const controller = new AbortController();
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const item of pages.client().list({ signal: controller.signal })) {
        seen.push(item);
        if (seen.length === 2) controller.abort(new Error('enough'));
      }
    })();
    expect(await errorOf(reading)).toMatchObject({ message: 'enough' });
    expect(seen).toEqual([1, 2]);
  });

  it('that is aborted while a token fails leaves no rejection behind', async () => {
    const proxy = await start(() => ({ body: ended }));
    const controller = new AbortController();
    const getToken = () => {
      controller.abort(new Error('enough'));
      return Promise.reject(new Error('signed out'));
    };
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const { signal } = controller;
    expect(await errorOf(proxy.client({ getToken }).me({ signal }))).toMatchObject({ message: 'enough' });
    await sleep(20);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('a list', () => {
  const paged = (_: unknown, count: number): Said =>
    count < 4
      ? { body: { value: count === 2 ? [] : [count], nextLink: `https://other.example/api/checks?after=${count}` } }
      : { body: { value: [count] } };

  it('is read page by page, as far as it is looked at', async () => {
    const proxy = await start(paged);
    const list = proxy.client().list({ top: 1 });
    expect(proxy.asked).toEqual([]);
    for await (const item of list as AsyncIterable<unknown>) {
      expect(item).toBe(1);
      break;
    }
    expect(proxy.paths()).toEqual(['GET /api/checks?top=1']);
  });

  it('goes on after an empty page, and ends where there is no link', async () => {
    const proxy = await start(paged);
    expect(await all<unknown>(proxy.client().list())).toEqual([1, 3, 4]);
    expect(proxy.paths().slice(1)).toEqual([1, 2, 3].map((after) => `GET /api/checks?after=${after}`));
  });

  it('is there as pages, with what stands beside the items', async () => {
    const unreadable = [{ subscription: '**', code: 'Paused' }];
    const proxy = await start(() => ({ body: { value: [], unreadable } }));
    expect(await all(proxy.client().sources().pages())).toEqual([{ value: [], unreadable }]);
  });

  it('does not go round in a circle of one page', async () => {
    const proxy = await start(() => ({ body: { value: [1], nextLink: '/api/checks' } }));
    expect(await errorOf(all<Check>(proxy.client().list()))).toMatchObject({ code: 'UnexpectedAnswer' });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('an export', () => {
  const page = (text: string, next?: string): Said => ({
    headers: { 'content-type': 'text/csv', ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }) },
    body: text,
  });

  it('as CSV has one byte order mark and one header line', async () => {
    const next = 'https://proxy.example/api/audit?after=x';
    const proxy = await start(inTurn(page('\ufeffid,time\r\n1,a\r\n', next), page('\ufeffid,time\r\n2,"b\r\nc"\r\n')));
    const pieces = await all(proxy.client().audit.export({ format: 'csv' }));
    expect(pieces.join('')).toBe('\ufeffid,time\r\n1,a\r\n2,"b\r\nc"\r\n');
  });

  it('as NDJSON is as it comes', async () => {
    const proxy = await start(inTurn(page('{"id":1}\n', '/api/audit?after=x'), page('{"id":2}\n')));
    expect((await all(proxy.client().audit.export({ format: 'ndjson' }))).join('')).toBe('{"id":1}\n{"id":2}\n');
    expect(proxy.asked[0]?.headers.accept).toBe('application/x-ndjson');
  });
});
