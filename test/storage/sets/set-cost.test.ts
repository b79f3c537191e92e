import { expect, inject, it } from 'vitest';
import { submit } from '../../../src/check/submit.ts';
import { countedWorld } from '../../support/memory/counted-world.ts';
import { askedOf } from '../../support/memory/memory-proxy.ts';
import { asking, productOf, range, setOf } from '../../support/memory/set-world.ts';

const SIZE = 200;
const sources = range(SIZE / 5).map((i) => `vm-${i}`);
const requests = productOf(sources, range(5));

it('a set of two hundred costs at most a tenth more than two hundred checks, where nothing has to wait', async () => {
  const world = countedWorld(inject('azurite'));
  // The first request makes the tables.
  await submit(world.deps, asking(), { asked: askedOf(requests[0]!) });
  await world.work();
  const singles = await world.of(async () => {
    for (const request of requests) await submit(world.deps, asking(), { asked: askedOf(request) });
    await world.work();
  });
  let id = '';
  const set = await world.of(async () => {
    id = (await world.create(setOf(requests))).set.id;
    await world.work();
  });
  const stored = await world.deps.sets.find(id);
  expect(stored?.members.every(({ state }) => state.kind === 'check' && state.reachability === 'Reachable')).toBe(true);
  // Rows of the set in three transactions, its own row twice more, and one read of it all.
  expect(set).toBeLessThanOrEqual(singles + 8);
  expect(set / singles).toBeLessThan(1.1);
  // The matrix is one range, whatever is in it.
  expect(await world.of(() => world.deps.sets.find(id))).toBe(1);
}, 120_000);
