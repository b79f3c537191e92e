import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/check/ports/network-watcher.ts';
import { connectivityParametersSchema, type ConnectivityParameters } from '../../src/arm/connectivity-parameters.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
import {
  besideCheckout,
  exchangeSchema,
  jsonFiles,
  recordedLocation,
  recordedRetryAfter,
  recordingSchema,
  replayed,
  type RecordedExchange,
} from '../support/azure/recording.ts';
import { scriptedArm, type ScriptedRoute } from '../support/azure/scripted-arm.ts';
import { ids, testWatcher } from '../support/azure/test-watcher.ts';

const own = jsonFiles(new URL('../fixtures/connectivity/', import.meta.url));
const recorded = besideCheckout().flatMap(({ name, value }) => {
  const recording = recordingSchema.safeParse(value);
  return recording.success ? [{ name, exchanges: recording.data.exchanges }] : [];
});
const recordings = [
  ...own.map(({ name, value }) => ({ name, exchanges: recordingSchema.parse(value).exchanges })),
  ...recorded,
];
const errors = besideCheckout('errors/');

const anyParameters = { source: { resourceId: 'x' }, destination: {} };

test('There are fixtures of our own to replay.', () => {
  expect(own).toHaveLength(4);
});

// Asked at the newest Location, always: the script knows no other URL.
function routesOf(post: string, [first, ...polls]: RecordedExchange[]): ScriptedRoute[] {
  const routes = new Map<string, RecordedExchange[]>();
  let newest = first && recordedLocation(first);
  for (const poll of polls) {
    routes.set(newest ?? '', [...(routes.get(newest ?? '') ?? []), poll]);
    newest = recordedLocation(poll) ?? newest;
  }
  const gets = [...routes].map(([path, exchanges]) => ({ method: 'GET', path, answers: exchanges.map(replayed) }));
  return [{ method: 'POST', path: post, answers: first ? [replayed(first)] : [] }, ...gets];
}

const watcherOf = (post: RecordedExchange | undefined) =>
  /\/subscriptions\/.*\/networkWatchers\/[^/]+/i.exec(post?.uri ?? '')?.[0] ?? '';

// Some recorders kept no request body.
function parametersOf(post: RecordedExchange | undefined): ConnectivityParameters {
  const body: unknown = JSON.parse(post?.reqBody?.trim() || 'null');
  return connectivityParametersSchema.safeParse(body).data ?? anyParameters;
}

function expectAnswer(answer: Answer, exchange: RecordedExchange, origin: string): void {
  if (exchange.status === 200) {
    expect(answer).toMatchObject({ kind: 'done', body: exchange.body });
    expect(JSON.parse(answer.kind === 'done' ? answer.body : '')).toEqual(JSON.parse(exchange.body));
    return;
  }
  expect(answer).toMatchObject({
    kind: 'running',
    operationUrl: `${origin}${recordedLocation(exchange) ?? ''}`,
    afterSeconds: Number(recordedRetryAfter(exchange) ?? 60),
  });
}

describe.each(recordings)('$name', ({ exchanges }) => {
  test('replays to the recorded result, each poll at the newest Location, with the waits that were told.', async () => {
    const [first, ...polls] = exchanges;
    const networkWatcher = watcherOf(first);
    const arm = await scriptedArm(routesOf(`${networkWatcher}/connectivityCheck`, exchanges));
    try {
      const watcher = testWatcher(arm.url);
      let answer = await watcher.begin(networkWatcher, parametersOf(first), ids);
      if (first) expectAnswer(answer, first, arm.origin);
      let newest = answer.kind === 'running' ? answer.operationUrl : '';
      for (const poll of polls) {
        answer = await watcher.poll(newest, ids);
        expectAnswer(answer, poll, arm.origin);
        if (answer.kind === 'running') newest = answer.operationUrl;
      }
      expect(answer.kind).toBe('done');
      expect(arm.requests).toHaveLength(exchanges.length);
    } finally {
      await arm.close();
    }
  });

  test('has the verdict that its status and probes come to.', () => {
    const result = JSON.parse(exchanges.at(-1)?.body ?? '') as { connectionStatus?: string; probesSent?: number };
    const { reachability } = verdictOf(result, parametersOf(exchanges[0]));
    expect(reachability).toBe(
      ['Reachable', 'Unreachable', 'Degraded'].find((word) => word === result.connectionStatus) ?? 'Inconclusive',
    );
    if (result.probesSent === 0) expect(reachability).toBe('Inconclusive');
  });
});

const expectedOf: Record<string, object> = {
  '400_NetworkWatcherCountLimitReached.json': {
    kind: 'failed',
    failure: { code: 'AzureRefused', innererror: { code: 'NetworkWatcherCountLimitReached' } },
  },
  '404_NotFound.json': { kind: 'failed', failure: { code: 'AzureRefused' } },
  '404_ResourceGroupNotFound.json': { kind: 'failed', failure: { code: 'AzureRefused' } },
  '404_ResourceNotFound.json': { kind: 'failed', failure: { code: 'AzureRefused' } },
  '409_AnotherOperationInProgress.json': { kind: 'retry' },
  '429_RetryableErrorDueToAnotherOperation.json': { kind: 'retry', afterSeconds: 14 },
  '500_InternalServerError.json': { kind: 'retry', afterSeconds: 10 },
  '500_networkWatchers_troubleshoot_with_Location.json': { kind: 'retry' },
  'async_operation_Failed.json': {
    kind: 'failed',
    failure: {
      innererror: {
        code: 'InvalidSkuTypeForMicrosoftPeering',
        message: 'Invalid SkuType Standard for creating Microsoft Peering.',
      },
    },
  },
};

describe.each(errors)('$name', ({ name, value }) => {
  test('is answered as the rules say.', async () => {
    const exchange = exchangeSchema.parse(value);
    const path =
      '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/a/providers/Microsoft.Network/networkWatchers/b';
    const arm = await scriptedArm([
      { method: 'POST', path: `${path}/connectivityCheck`, answers: [replayed(exchange)] },
    ]);
    try {
      expect(expectedOf).toHaveProperty([name]);
      expect(await testWatcher(arm.url).begin(path, anyParameters, ids)).toMatchObject(expectedOf[name] ?? {});
    } finally {
      await arm.close();
    }
  });
});
