import { expect, it } from 'vitest';
import { failPoisoned } from '../../src/check/fail-poisoned.ts';
import { submit } from '../../src/check/submit.ts';
import { memoryProxy, sampleSubmission } from '../support/memory/memory-proxy.ts';

it('a check that is given up ends as poisoned, once', async () => {
  const proxy = memoryProxy();
  const {
    check: { id },
  } = await submit(proxy.deps, ...sampleSubmission());
  expect(await failPoisoned(proxy.deps, id)).toBe(true);
  expect(await failPoisoned(proxy.deps, id)).toBe(false);
  expect(proxy.store.rows()[0]).toMatchObject({ status: 'Failed', error: { code: 'Poisoned' } });
  expect(proxy.actions()).toEqual(['requested', 'failed']);
});
