import { describe, expect, it } from 'vitest';
import type { WaitingCheck } from '../src/check/state/check.ts';
import { viewOf } from '../src/check/state/view-of.ts';
import { step } from '../src/check/step.ts';
import { type ConnectivityParameters, connectivityParametersSchema } from '../src/arm/connectivity-parameters.ts';
import { expectSound } from './support/verdict/expect-sound.ts';
import { memoryProxy } from './support/memory/memory-proxy.ts';
import {
  besideCheckout,
  jsonFiles,
  type RecordedExchange,
  recordedLocation,
  recordedRetryAfter,
  recordingSchema,
  replayed,
} from './support/azure/recording.ts';
import { sampleCheck } from './support/samples.ts';
import { scriptedArm, type ScriptedRoute } from './support/azure/scripted-arm.ts';
import { testWatcher } from './support/azure/test-watcher.ts';

const recorded = besideCheckout();
const recordings = [...jsonFiles(new URL('./fixtures/connectivity/', import.meta.url)), ...recorded].flatMap(
  ({ name, value }) => {
    const { data } = recordingSchema.safeParse(value);
    return data ? [{ name, exchanges: data.exchanges }] : [];
  },
);

interface Asked {
  /** Milliseconds on the proxy's clock, which stands still while it waits for an answer. */
  readonly at: number;
  readonly url: string;
  readonly body: string | undefined;
}

/** The recorded request where it is one that goes to ARM; some recorders kept no body. */
function requestOf({ reqBody }: RecordedExchange): ConnectivityParameters {
  const body: unknown = JSON.parse(reqBody?.trim() || 'null');
  return connectivityParametersSchema.safeParse(body).data ?? sampleCheck().request;
}

/** What stands in for a body that was not kept is of another subscription than the recording. */
function fromSubscriptionOf(networkWatcher: string, request: ConnectivityParameters): ConnectivityParameters {
  const resourceId = request.source.resourceId.replace(
    /^\/subscriptions\/[^/]+/i,
    networkWatcher.split('/').slice(0, 3).join('/'),
  );
  return { ...request, source: { ...request.source, resourceId } };
}

/** Each poll is answered at the newest Location alone: the script knows no other. */
function routesOf(post: string, exchanges: readonly RecordedExchange[]): ScriptedRoute[] {
  const [first, ...polls] = exchanges;
  const gets = new Map<string, RecordedExchange[]>();
  let newest = first && recordedLocation(first);
  for (const poll of polls) {
    gets.set(newest ?? '', [...(gets.get(newest ?? '') ?? []), poll]);
    newest = recordedLocation(poll) ?? newest;
  }
  return [
    { method: 'POST', path: post, answers: first ? [replayed(first)] : [] },
    ...Array.from(gets, ([path, answers]) => ({ method: 'GET', path, answers: answers.map(replayed) })),
  ];
}

/** Runs the recording through a check's whole life below the rules of submit, on a clock that jumps to the next message. */
async function replay(exchanges: readonly RecordedExchange[]) {
  const [first] = exchanges;
  const networkWatcher = /\/subscriptions\/.*\/networkWatchers\/[^/]+/i.exec(first?.uri ?? '')?.[0] ?? '';
  const arm = await scriptedArm(routesOf(`${networkWatcher}/connectivityCheck`, exchanges));
  const proxy = memoryProxy();
  const asked: Asked[] = [];
  const watcher = testWatcher(arm.url, {
    now: proxy.now,
    fetch: (url, init) => {
      const sent = typeof init?.body === 'string' ? init.body : undefined;
      asked.push({
        at: proxy.now().getTime(),
        url: (url instanceof Request ? url.url : url.toString()).replace(arm.origin, ''),
        body: sent,
      });
      return fetch(url, init);
    },
  });
  const request = fromSubscriptionOf(networkWatcher, first ? requestOf(first) : sampleCheck().request);
  const check: WaitingCheck = sampleCheck({ request, networkWatcher });
  await proxy.accept(check);
  await proxy.queue.send(check.id, 0);
  for (let message = proxy.queue.sent.shift(); message; message = proxy.queue.sent.shift()) {
    proxy.advance(message.delaySeconds);
    await step({ ...proxy.deps, watcher }, message.checkId);
  }
  await arm.close();
  const ended = (await proxy.store.find(check.id))?.check;
  return { asked, ended, request, answer: await proxy.store.answer(check.id), actions: proxy.actions() };
}

it('There are fixtures of our own to replay.', () => {
  expect(recordings.length).toBeGreaterThanOrEqual(4);
});

// A recorder may have gone on after the end: a check does not.
const upToTheEnd = (exchanges: readonly RecordedExchange[]) =>
  exchanges.slice(0, exchanges.findIndex(({ status }) => status === 200) + 1);

describe.each(recordings)('$name', ({ exchanges }) => {
  const lived = upToTheEnd(exchanges);

  it('comes to the recorded result, asked for at the newest Location and never earlier than told', async () => {
    const { asked, ended, request, answer, actions } = await replay(exchanges);
    const result = lived.at(-1);
    expect(ended?.status).toBe('Succeeded');
    if (ended) expectSound(viewOf(ended).verdict, ended.request);
    expect(answer).toBe(result?.body);
    expect(JSON.parse(answer ?? '')).toEqual(JSON.parse(result?.body ?? ''));
    expect(actions).toEqual(['requested', 'started', 'finished']);

    expect(asked).toHaveLength(lived.length);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(request);
    lived.slice(0, -1).reduce<string | undefined>((known, exchange, index) => {
      const [before, after] = [asked[index], asked[index + 1]];
      const newest = recordedLocation(exchange) ?? known;
      expect(after?.url).toBe(newest);
      const waited = ((after?.at ?? 0) - (before?.at ?? 0)) / 1000;
      const told = Number(recordedRetryAfter(exchange) ?? 60);
      // A second's fraction comes from a queue that counts in whole seconds.
      expect([waited >= told, waited < told + 1]).toEqual([true, true]);
      return newest;
    }, undefined);
  });
});
