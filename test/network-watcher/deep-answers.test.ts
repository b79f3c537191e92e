import { afterAll, describe, expect, it } from 'vitest';
import { submit } from '../../src/check/submit.ts';
import { step } from '../../src/check/step.ts';
import { viewWithResult } from '../../src/check/read.ts';
import { isTooDeep } from '../../src/contract/text/is-too-deep.ts';
import { memoryProxy, operationUrlOf, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { watcherId, webVm } from '../support/samples.ts';
import { scriptedArm, type ScriptedAnswer, type ScriptedArm } from '../support/azure/scripted-arm.ts';
import { testWatcher } from '../support/azure/test-watcher.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const result = (levels: number): string => `{"connectionStatus":"Reachable","probesSent":1,"x":${nested(levels)}}`;
const refusal = (levels: number): string => `{"error":{"code":"Bad","message":"no","details":${nested(levels)}}}`;

const servers: ScriptedArm[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A check's whole life before an ARM that answers so to the POST, or to the first poll. */
async function lived(answer: ScriptedAnswer, on: 'POST' | 'poll') {
  const path = new URL(operationUrlOf(1)).pathname;
  const begun: ScriptedAnswer = { status: 202, headers: { location: `{arm}${path}`, 'retry-after': '1' } };
  const arm = await scriptedArm([
    { method: 'POST', path: `${watcherId}/connectivityCheck`, answers: [on === 'POST' ? answer : begun] },
    { method: 'GET', path, answers: [answer] },
    { method: 'GET', path: webVm, answers: [{ body: '{"location":"west"}' }] },
    {
      method: 'GET',
      path: `${watcherId.split('/').slice(0, 3).join('/')}/providers/Microsoft.Network/networkWatchers`,
      answers: [{ body: JSON.stringify({ value: [{ id: watcherId, location: 'west' }] }) }],
    },
  ]);
  servers.push(arm);
  const proxy = memoryProxy();
  const deps = { ...proxy.deps, watcher: testWatcher(arm.url, { now: proxy.now }) };
  const { check } = await submit(deps, ...sampleSubmission());
  for (let message = proxy.queue.sent.shift(); message; message = proxy.queue.sent.shift()) {
    proxy.advance(message.delaySeconds);
    await step(deps, message.checkId);
  }
  const ended = (await proxy.store.find(check.id))?.check ?? check;
  return {
    ended,
    view: await viewWithResult(deps, ended),
    posts: arm.requests.filter(({ method }) => method === 'POST'),
  };
}

describe.each(['POST', 'poll'] as const)('what ARM answers to the %s', (on) => {
  it.each([
    ['200', { body: result(5000) }],
    ['400', { status: 400, body: refusal(14_000) }],
    ['500 that is cut', { status: 400, body: refusal(40_000) }],
  ])('with a %s, nested by the thousand, ends the check, which can be told in JSON', async (_status, answer) => {
    const { ended, view, posts } = await lived(answer, on);
    expect(ended).toMatchObject({
      status: 'Failed',
      error: { code: 'AzureFailed', message: expect.stringContaining('nested too deep') as string },
      attempts: 1,
    });
    expect(JSON.parse(JSON.stringify(view))).toMatchObject({ status: 'Failed' });
    expect(posts).toHaveLength(1);
  });

  it('with 90 levels is a result as any other', async () => {
    expect((await lived({ body: result(90) }, on)).ended).toMatchObject({ status: 'Succeeded' });
  });
});

describe('depth', () => {
  it.each([
    [nested(100), false],
    [nested(101), true],
    [JSON.stringify([nested(1000)]), false],
    [`["\\"${nested(1000)}"]`, false],
    [`"${'\\\\'.repeat(50)}"${nested(101)}`, true],
    [Array.from({ length: 1000 }, () => '[]').join(), false],
    ['{"a":'.repeat(101), true],
    ['', false],
  ])('of %j', (json, isDeep) => {
    expect(isTooDeep(json)).toBe(isDeep);
  });
});
