import { expect, it } from 'vitest';
import { awaitEnd } from '../../src/check/await-end.ts';
import { createLimitWaits } from '../../src/check/limit-waits.ts';
import { submit } from '../../src/check/submit.ts';
import { memoryProxy, sampleSubmission } from '../support/memory/memory-proxy.ts';

/** A clock that many wait on: it moves to whoever wants to be woken next. */
function sharedClock() {
  let time = Date.parse('2026-03-01T10:00:00.000Z');
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const pass = async (): Promise<void> => {
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      if (!next) return;
      time = Math.max(time, next.at);
      next.wake();
    }
  };
  return {
    now: () => new Date(time),
    sleep: (milliseconds: number) =>
      new Promise<void>((wake) => sleepers.push({ at: time + Math.ceil(milliseconds), wake })),
    pass,
  };
}

async function waited(holders: number, seconds: number, each: (holder: number) => string, endsAfter?: number) {
  const proxy = memoryProxy();
  const { check } = await submit(proxy.deps, ...sampleSubmission());
  const clock = sharedClock();
  let reads = 0;
  const begun = clock.now().getTime();
  const find = async (id: string) => {
    reads++;
    if (endsAfter !== undefined && clock.now().getTime() - begun > endsAfter * 1000) await proxy.drain();
    return proxy.store.find(id);
  };
  const deps = {
    ...proxy.deps,
    ...clock,
    limitWaits: createLimitWaits(),
    looks: new Map(),
    store: { ...proxy.store, find },
  };
  const answers = Array.from({ length: holders }, (_, holder) => awaitEnd(deps, each(holder), check, seconds));
  await clock.pass();
  return {
    reads,
    answers: await Promise.all(answers),
    looks: deps.looks,
    seconds: (clock.now().getTime() - begun) / 1000,
  };
}

it('a thousand who wait for one check share its reads: one a second, as one alone would make', async () => {
  const alone = await waited(1, 60, () => 'alice');
  const many = await waited(1000, 60, (holder) => `auditor ${holder}`);
  expect(many.answers.every(({ held }) => held)).toBe(true);
  expect(many.reads).toBe(alone.reads);
  expect(many.reads).toBeLessThan(60 + 20);
  expect(many.looks.size).toBe(0);
});

it('of a thousand requests of one requester ten are held, and the others are answered at once, without a read', async () => {
  const { answers, reads } = await waited(1000, 60, () => 'alice');
  expect(answers.filter(({ held }) => held)).toHaveLength(10);
  expect(reads).toBeLessThan(60 + 20);
});

it('all who wait see the end, within two seconds', async () => {
  const { answers, seconds } = await waited(100, 60, (holder) => `auditor ${holder}`, 20);
  expect(new Set(answers.map(({ check }) => check.status))).toEqual(new Set(['Succeeded']));
  expect(seconds).toBeLessThan(22);
});

it('a read that failed is told to all who shared it, and the next reads anew', async () => {
  const proxy = memoryProxy();
  const { check } = await submit(proxy.deps, ...sampleSubmission());
  const down = () => Promise.reject(new Error('down'));
  const broken = { ...proxy.deps, store: { ...proxy.store, find: down } };
  await expect(awaitEnd(broken, 'alice', check, 5)).rejects.toThrow('down');
  await proxy.drain();
  expect((await awaitEnd(proxy.deps, 'alice', check, 5)).check.status).toBe('Succeeded');
});
