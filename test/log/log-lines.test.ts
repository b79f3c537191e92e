import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../src/contract/actor.ts';
import { submit } from '../../src/check/submit.ts';
import { Problem } from '../../src/contract/problem.ts';
import { poisonMessage } from '../../src/jobs/poison-message.ts';
import { cancelCheck } from '../../src/http/checks/cancel-check.ts';
import { httpDoor } from '../../src/http/http-door.ts';
import { getMe } from '../../src/http/service/get-me.ts';
import { sweepChecks } from '../../src/jobs/sweep-checks.ts';
import { work } from '../../src/jobs/work.ts';
import { linesOf } from '../support/log-lines.ts';
import { memoryProxy, operationUrlOf, sampleSubmission, uuidOf } from '../support/memory/memory-proxy.ts';
import { sampleCaller } from '../support/samples.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const origin: Origin = { sourceAddress: '203.0.113.9', requestId: 'request-1', traceparent };

async function accepted(script: Parameters<typeof memoryProxy>[0] = {}) {
  const proxy = memoryProxy(script);
  const { check } = await submit(proxy.deps, ...sampleSubmission({ origin }));
  return { ...proxy, check, message: { checkId: check.id } };
}

const asking = (params: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  new HttpRequest({ method: 'GET', url: 'https://proxy.example/api', params, headers });

const door = httpDoor(() => Promise.resolve(sampleCaller()));

describe('the log of a step', () => {
  it('has the check and its trace in every line, and tells the end of the check once', async () => {
    const { deps, check, message, advance } = await accepted();
    const { context, lines } = linesOf();
    advance(7);
    await work(deps)(message, context);
    const line = { level: 'information', traceparent, checkId: check.id };
    expect(lines).toEqual([
      { ...line, message: 'arm', call: 'begin', outcome: 'done', status: 200, requestId: 'arm-1' },
      {
        ...{ ...line, message: 'check ended', status: 'Succeeded', reachability: 'Reachable' },
        ...{ secondsWaited: 7, secondsRun: 0, attempts: 1 },
        ...{ requester: sampleCaller().requester.id, requesterKind: 'user', via: 'http' },
      },
      { ...line, message: 'step', outcome: 'Succeeded' },
    ]);
    const again = linesOf();
    await work(deps)(message, again.context);
    expect(again.lines).toEqual([{ ...line, message: 'step', outcome: 'over' }]);
  });

  it('shows that Azure throttles, and how long a check waited and ran', async () => {
    const failure = { code: 'AzureRefused', message: 'busy' } as const;
    const running = { kind: 'running', operationUrl: operationUrlOf(1), afterSeconds: 10 } as const;
    const { deps, message, advance } = await accepted({
      begin: [
        { kind: 'retry', afterSeconds: 17, failure, arm: { status: 429 } },
        { ...running, arm: { status: 202 } },
      ],
    });
    const { context, lines } = linesOf();
    for (const seconds of [17, 10, 0]) {
      await work(deps)(message, context);
      advance(seconds);
    }
    expect(lines.filter((line) => line.message === 'arm').map((line) => [line.call, line.status])).toEqual([
      ['begin', 429],
      ['begin', 202],
      ['poll', 200],
    ]);
    expect(lines.find((line) => line.message === 'check ended')).toMatchObject({ secondsWaited: 17, secondsRun: 10 });
  });

  it('shows that Azure throttles look-ups', async () => {
    const failure = { code: 'AzureRefused', message: 'busy' } as const;
    const { deps, check, message } = await accepted({
      find: [{ kind: 'retry', afterSeconds: 17, failure, arm: { status: 429, requestId: 'arm-7' } }],
    });
    const { context, lines } = linesOf();
    await work(deps)(message, context);
    const line = { level: 'information', traceparent, checkId: check.id };
    expect(lines).toEqual([
      { ...line, message: 'arm', call: 'find', outcome: 'retry', status: 429, requestId: 'arm-7' },
      { ...line, message: 'step', outcome: 'postponed' },
    ]);
  });

  it('names the check where a step breaks down, and leaves the message to the host', async () => {
    const { deps, check, message } = await accepted();
    const { context, lines } = linesOf();
    const broken = { ...deps.watcher, find: () => Promise.reject(new TypeError('no reason')) };
    await expect(work({ ...deps, watcher: broken })(message, context)).rejects.toThrow('no reason');
    expect(lines).toEqual([
      {
        ...{ level: 'error', message: 'A step broke down.', cause: 'TypeError: no reason' },
        ...{ checkId: check.id, traceparent },
      },
    ]);
  });

  it('names trouble with the audit by its code', async () => {
    const { deps, message } = await accepted();
    const down = () => Promise.reject(new Problem('AuditUnavailable', 'down'));
    const { context, lines } = linesOf();
    await work({ ...deps, audit: { ...deps.audit, append: down } })(message, context);
    expect(lines.at(-1)).toMatchObject({
      message: 'A step will be tried again.',
      code: 'AuditUnavailable',
      traceparent,
    });
  });

  it('has the trace of the invocation where the check has none', async () => {
    const proxy = memoryProxy();
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    const traceParent = traceparent.replace('-01', '-00');
    const { context, lines } = linesOf({ traceParent });
    await work(proxy.deps)({ checkId: check.id }, context);
    expect(lines.map((line) => line.traceparent)).toEqual([traceParent, traceParent, traceParent]);
  });

  it('has no trace at all where the host gives an empty one', async () => {
    const proxy = memoryProxy();
    const { check } = await submit(proxy.deps, ...sampleSubmission());
    const { context, lines } = linesOf({ traceParent: '' });
    await work(proxy.deps)({ checkId: check.id }, context);
    expect(lines.map((line) => [line.message, 'traceparent' in line])).toEqual([
      ['arm', false],
      ['check ended', false],
      ['step', false],
    ]);
  });
});

describe('the log of other ends', () => {
  it('tells a check that is buried', async () => {
    const { deps, check, message, advance } = await accepted();
    const { context, lines } = linesOf();
    advance(91);
    await poisonMessage(deps)(message, context);
    expect(lines.map((line) => [line.message, line.checkId, line.traceparent, line.code])).toEqual([
      ['check ended', check.id, traceparent, 'Poisoned'],
      ['A message was poisonous.', check.id, traceparent, undefined],
    ]);
  });

  it('tells a check that is canceled, under the trace of the check', async () => {
    const { deps, check } = await accepted();
    const { context, lines } = linesOf();
    await cancelCheck({ ...deps, door })(asking({ id: check.id }), context);
    expect(lines).toMatchObject([{ message: 'check ended', checkId: check.id, traceparent, status: 'Canceled' }]);
    expect(lines[0]).not.toHaveProperty('secondsRun');
  });
});

describe('the log of a request', () => {
  it('tells a refusal with its status and code, the check that was named and the trace', async () => {
    const { deps } = memoryProxy();
    const { context, lines } = linesOf();
    const checkId = uuidOf('nobody');
    const handler = cancelCheck({ ...deps, door });
    const answer = await handler(asking({ id: checkId }, { traceparent }), context);
    expect(answer).toMatchObject({ status: 404 });
    const requestId = (answer as { headers: Record<string, string> }).headers['x-ms-request-id'];
    const line = { level: 'information', message: 'request refused', traceparent };
    expect(lines).toEqual([
      { ...line, requestId, checkId, status: 404, code: 'NotFound', requesterId: expect.any(String) },
    ]);
  });

  it('says nothing of a request that is answered', async () => {
    const { deps } = memoryProxy();
    const { context, lines } = linesOf();
    expect(await getMe({ ...deps, door })(asking(), context)).toMatchObject({ status: 200 });
    expect(lines).toEqual([]);
  });
});

describe('the log of the sweeper', () => {
  it('tells what waits in each queue, and goes on where one cannot be measured', async () => {
    const proxy = memoryProxy();
    const { context, lines } = linesOf();
    const backlogs = {
      checks: () => Promise.resolve({ messages: 3, oldestSeconds: 12 }),
      broken: () => Promise.reject(new Error('403')),
      last: () => Promise.resolve({ messages: 0, oldestSeconds: 0 }),
    };
    await sweepChecks({ ...proxy.deps, overdue: proxy.store, backlogs })({} as never, context);
    expect(lines).toEqual([
      { level: 'information', message: 'queue', queue: 'checks', messages: 3, oldestSeconds: 12 },
      { level: 'warning', message: 'A queue could not be measured.', queue: 'broken', cause: 'Error: 403' },
      { level: 'information', message: 'queue', queue: 'last', messages: 0, oldestSeconds: 0 },
    ]);
  });
});
