import { HttpRequest, InvocationContext } from '@azure/functions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem, problemCodes } from '../../src/contract/problem.ts';
import type { Door } from '../../src/http/door.ts';
import { httpHandler } from '../../src/http/handler.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import { noQuery } from '../../src/http/operation.ts';
import { serviceOperations } from '../../src/http/service/operations.ts';
import { statusOfCode } from '../../src/http/status-of-code.ts';
import { sampleCaller } from '../support/samples.ts';
import { memoryApp, workOnSleep } from './memory-app.ts';

const calls = [
  'POST /api/checks',
  'GET /api/checks/00000000-0000-4000-8000-00000000ffff',
  'GET /api/checks/00000000-0000-4000-8000-00000000ffff/result',
  'DELETE /api/checks/00000000-0000-4000-8000-00000000ffff',
  'GET /api/me',
];

describe.each(calls)('%s', (call) => {
  it('answers 401 without a token, before anything else is looked at', async () => {
    const app = memoryApp();
    const { status, headers, json } = await app.ask(`${call}?x=y`, { user: '' });
    expect([status, headers.get('www-authenticate'), json.error.code]).toEqual([401, 'Bearer', 'InvalidToken']);
    expect(headers.get('x-ms-error-code')).toBe('InvalidToken');
  });

  it('refuses unknown query parameters by name, and no unknown header', async () => {
    const { status, json } = await memoryApp().ask(`${call}?top=1&x=y`, { headers: { 'x-unknown': 'x' } });
    expect([status, json.error.code]).toEqual([400, 'InvalidRequest']);
    const { details } = json.error;
    expect(details.map(({ code, target }) => `${code} ${target}`)).toEqual(['UnknownMember top', 'UnknownMember x']);
  });

  it('bears a request id of ours on every answer, and echoes the client’s where it is a word', async () => {
    const app = memoryApp();
    const answers = [
      await app.ask(call, { headers: { 'x-ms-client-request-id': 'mine-1', 'x-ms-request-id': 'forged' } }),
      await app.ask(call, { user: '', headers: { 'x-ms-client-request-id': 'a b' } }),
      await app.ask(call, { headers: { 'x-ms-client-request-id': 'x'.repeat(129) } }),
    ];
    const ids = answers.map(({ headers }) => headers.get('x-ms-request-id'));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answers.map(({ headers }) => headers.get('x-ms-client-request-id'))).toEqual(['mine-1', null, null]);
    expect(answers.map(({ headers }) => headers.get('x-content-type-options'))).toEqual([
      'nosniff',
      'nosniff',
      'nosniff',
    ]);
  });

  it('answers 500 in the same shape where we break down; only the log learns why', async () => {
    const breakDown = () => Promise.reject(new TypeError('a secret detail'));
    const broken = (proxy: { store: object; history: object }) => ({
      ...proxy.store,
      find: breakDown,
      insert: breakDown,
    });
    const app = memoryApp({}, {}, (proxy) => ({
      store: broken({ ...proxy, history: proxy.deps.history }) as never,
      policy: new Proxy(proxy.deps.policy, {
        get: (policy, name) => {
          if (name === 'allowRules' && call.endsWith('/me')) throw new TypeError('a secret detail');
          return Reflect.get(policy, name) as unknown;
        },
      }),
    }));
    const answer = call.startsWith('POST') ? await app.submit() : await app.ask(call);
    expect([answer.status, answer.json.error.code]).toEqual([500, 'InternalError']);
    expect(answer.text).not.toContain('secret');
    const requestId = answer.headers.get('x-ms-request-id');
    expect(app.log.map(({ level, text }) => [level, JSON.parse(text) as object])).toEqual([
      ['error', expect.objectContaining({ requestId, code: 'InternalError', cause: 'TypeError: a secret detail' })],
    ]);
  });
});

// No answer of Azure's is kept that is nested so deep; one may stand in storage all the same.
describe('what is nested too deep to be written', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const body = `{"connectionStatus":"Reachable","probesSent":1,"x":${deep}}`;
  const kept: Parameters<typeof memoryApp>[2] = ({ store }) => ({
    store: { ...store, answer: () => Promise.resolve(body) },
  });

  it('does not take the id from whoever waited for an accepted check', async () => {
    const app = memoryApp({}, {}, (proxy) => ({ ...workOnSleep(proxy), ...kept(proxy) }));
    const { status, json, headers } = await app.submit({ headers: { prefer: 'wait=5' } });
    expect([status, json.status, app.store.rows()[0]?.id]).toEqual([202, 'NotStarted', json.id]);
    expect(headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is an answered problem with the ids of the request, and stands whole in /result', async () => {
    const app = memoryApp({}, {}, kept);
    const { json } = await app.submit();
    await app.drain();
    const shown = await app.ask(`GET /api/checks/${json.id}`, { headers: { 'x-ms-client-request-id': 'mine' } });
    expect([shown.status, shown.json.error.code]).toEqual([500, 'InternalError']);
    expect([shown.headers.get('x-ms-client-request-id'), shown.headers.get('x-ms-error-code')]).toEqual([
      'mine',
      'InternalError',
    ]);
    expect(shown.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await app.ask(`GET /api/checks/${json.id}/result`)).text).toContain(deep);
  });

  it('is one too where it is the error that goes into an answer', async () => {
    const nested: unknown = JSON.parse(deep);
    const handler = httpHandler(
      { door: httpDoor(() => Promise.resolve(sampleCaller())), newId: () => 'id' },
      serviceOperations.getMe,
      () => Promise.reject(new Problem('AzureFailed', 'Azure failed.', { innererror: nested })),
    );
    const request = new HttpRequest({ method: 'GET', url: 'https://proxy.example/api/me' });
    const answer = await handler(request, new InvocationContext({ logHandler: () => undefined }));
    expect(answer).toMatchObject({ status: 500, headers: { 'x-ms-request-id': 'id' } });
  });
});

describe('a door of another kind', () => {
  it('knows its callers in its own way, reads a raw body, and has its own form of a problem', async () => {
    const door: Door = {
      authenticate: async (request) => sampleCaller(await request.clone().text()),
      readBody: (request) => request.text(),
      answerProblem: ({ code }) => ({ status: 424, body: `<${code}>` }),
    };
    const operation = { path: 'x', roles: ['Audit.Read'], query: noQuery, body: z.string() } as const;
    const answers = ['Check.Request', 'Audit.Read'].map(async (role) => {
      const withRole: Door = {
        ...door,
        authenticate: async (request) => ({ ...(await door.authenticate(request)), roles: [role] }),
      };
      const handler = httpHandler({ door: withRole, newId: () => 'id' }, operation, ({ actor, body }) =>
        Promise.resolve({ status: 200, body: `${actor.caller.requester.name} sent ${String(body)}` }),
      );
      const request = new HttpRequest({ method: 'POST', url: 'https://proxy.example/x', body: { string: 'bob' } });
      return handler(request, new InvocationContext({ logHandler: () => undefined }));
    });
    expect(await Promise.all(answers)).toMatchObject([
      { status: 424, body: '<MissingRole>', headers: { 'x-ms-request-id': 'id' } },
      { status: 200, body: 'bob sent bob', headers: { 'x-ms-request-id': 'id' } },
    ]);
  });
});

describe('where a request comes from', () => {
  const addressOf = async (forwarded: string | undefined): Promise<string | undefined> => {
    const app = memoryApp();
    await app.submit(forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } });
    return app.audit.events()[0]?.sourceAddress;
  };

  it.each([
    ['203.0.113.9:50123', '203.0.113.9'],
    ['203.0.113.9', '203.0.113.9'],
    ['10.0.0.1, 203.0.113.9:50123', '203.0.113.9'],
    ['127.0.0.1,evil,  203.0.113.9', '203.0.113.9'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['203.0.113.9, ', 'unknown'],
    ['203.0.113.9, not-an-address', 'unknown'],
    ['203.0.113.999', 'unknown'],
    [undefined, 'unknown'],
  ])('%j: the last entry counts, %s', async (forwarded, address) => {
    expect(await addressOf(forwarded)).toBe(address);
  });

  it('is never what a caller put in front', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[ -~]{0,40}$/), async (text) => {
        expect(await addressOf(`${text},203.0.113.9:1`)).toBe('203.0.113.9');
      }),
    );
  });
});

describe('trace context', () => {
  const traceOf = async (traceparent: string): Promise<string | undefined> => {
    const app = memoryApp();
    await app.submit({ headers: { traceparent } });
    await app.drain();
    const traces = new Set(app.audit.events().map((event) => event.traceparent));
    expect(traces.size).toBe(1);
    return [...traces][0];
  };

  it('is continued through all events of the check', async () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(await traceOf(trace)).toBe(trace);
  });

  it('is the one that the host began, where the caller gave none', async () => {
    const app = memoryApp();
    const traceParent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
    await app.submit({ traceParent });
    await app.drain();
    expect(app.audit.events().map((event) => event.traceparent)).toEqual([traceParent, traceParent, traceParent]);
  });

  it.each([
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more',
    'x',
  ])('%s is none', async (traceparent) => {
    expect(await traceOf(traceparent)).toBeUndefined();
  });
});

describe('the table of codes', () => {
  it('gives every code one status, and only statuses of errors', () => {
    expect(Object.keys(statusOfCode).toSorted()).toEqual(problemCodes.toSorted());
    for (const status of Object.values(statusOfCode)) expect(status).toBeGreaterThanOrEqual(400);
  });
});
