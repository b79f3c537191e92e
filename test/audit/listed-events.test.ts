import { expect, it } from 'vitest';
import type { Listing } from '../../src/audit/checkpoint/checkpoint.ts';
import { listedEvents } from '../../src/audit/verify/listed-events.ts';

const checkpoint = (...events: Listing[]) => ({
  ...{ sequence: 1, time: '2026-03-03T00:00:00.000Z', previous: '', events, late: 0, key: '', signature: '' },
});

it('bears 200,000 events of the wanted days, however many there are of others, and refuses one more', () => {
  const listed = listedEvents((day) => day === '2026-03-01');
  for (let i = 1; i <= 200_000; i++)
    listed.add(checkpoint(['2026-03-01', 'chain', i, 'hash'], ['2026-03-02', 'chain', i, 'hash']));
  listed.add(checkpoint(['2026-03-01', 'chain', 1, 'hash']));
  expect([...listed.entries()]).toHaveLength(200_000);
  expect(() => {
    listed.add(checkpoint(['2026-03-01', 'other', 1, 'hash']));
  }).toThrow('more than 200,000 events');
});
