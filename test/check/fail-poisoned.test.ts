import { expect, it } from 'vitest';
import { failPoisoned } from '../../src/check/fail-poisoned.ts';
import { step } from '../../src/check/step.ts';
import { submit } from '../../src/check/submit.ts';
import { accepted, memoryProxy, sampleSubmission } from '../support/memory/memory-proxy.ts';

async function submitted(...given: Parameters<typeof memoryProxy>) {
  const proxy = memoryProxy(...given);
  const { check } = await submit(proxy.deps, ...sampleSubmission());
  return { ...proxy, id: check.id };
}

it('a check that no step moves ends as poisoned, once', async () => {
  const { deps, id, advance, store, actions } = await submitted();
  advance(91);
  expect(await failPoisoned(deps, id)).toBe(true);
  expect(await failPoisoned(deps, id)).toBe(false);
  expect(store.rows()[0]).toMatchObject({ status: 'Failed', error: { code: 'Poisoned' } });
  expect(actions()).toEqual(['requested', 'failed']);
});

it('no message ends a check that has just become due, that waits for its poll, or whose step is under way', async () => {
  const { deps, id, advance, store } = await submitted({ begin: [{ ...accepted, afterSeconds: 600 }] });
  const unharmed = async (status: string) => {
    for (let sent = 0; sent < 10; sent++) expect(await failPoisoned(deps, id)).toBe(false);
    expect(store.rows()[0]).toMatchObject({ status });
  };
  advance(89);
  await unharmed('NotStarted');
  await step(deps, id);
  await unharmed('Running');
  advance(600 + 89);
  await unharmed('Running');
  advance(2);
  expect(await failPoisoned(deps, id)).toBe(true);
});

it('no message ends a check while the proxy is paused, nor for the time that it was', async () => {
  const { deps, id, advance, now } = await submitted();
  for (let minute = 0; minute < 60; minute++) {
    advance(60);
    await deps.pauses.note(now());
    expect(await failPoisoned({ ...deps, paused: true }, id)).toBe(false);
  }
  expect(await failPoisoned(deps, id)).toBe(false);
  advance(240);
  expect(await failPoisoned(deps, id)).toBe(true);
});
