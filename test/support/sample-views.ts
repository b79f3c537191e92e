import { readFileSync } from 'node:fs';
import type { CheckView } from '../../src/contract/check.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
import { sampleCaller, sampleCheck } from './samples.ts';

const { request } = sampleCheck();
const resultIn = (name: string): unknown => {
  const recording = JSON.parse(
    readFileSync(new URL(`../fixtures/connectivity/${name}.json`, import.meta.url), 'utf8'),
  ) as { exchanges: { body: string }[] };
  return JSON.parse(recording.exchanges.findLast(({ body }) => body.includes('connectionStatus'))?.body ?? '');
};

function view(more: Partial<CheckView>): CheckView {
  return {
    ...{
      id: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f',
      status: 'Succeeded',
      requester: sampleCaller().requester,
      request,
    },
    ...{ createdAt: '2026-03-01T10:00:00.000Z', verdict: { summary: 'A sentence.', reasons: [] } },
    ...more,
  };
}

const finishedAt = '2026-03-01T10:01:05.000Z';
const succeeded = (name: string) => {
  const result = resultIn(name);
  return view({ finishedAt, result, verdict: verdictOf(result, request) });
};
const none = { connectionStatus: 'Reachable', probesSent: 0, probesFailed: 0, hops: [] };
const cause = { code: 'AzureFailed', message: 'Azure gave up.', action: 'Check again.', owner: 'platform' as const };

/** A check as it is answered, in each state that a chat tells. */
export const sampleViews: Readonly<Record<string, CheckView>> = {
  waiting: view({ status: 'NotStarted' }),
  running: view({ status: 'Running', startedAt: '2026-03-01T10:00:10.000Z' }),
  reachable: succeeded('reachable'),
  degraded: succeeded('degraded'),
  unreachable: succeeded('unreachable-security-rule'),
  inconclusive: view({ finishedAt, result: none, verdict: verdictOf(none, request) }),
  failed: view({ status: 'Failed', finishedAt, verdict: { summary: 'It is not known.', reasons: [cause] } }),
  canceled: view({ status: 'Canceled', finishedAt }),
};
