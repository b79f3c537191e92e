import { expect, test } from 'vitest';
import { expiringCache } from '../../src/network-watcher/expiring-cache.ts';

test('A full cache lets the oldest entry go, and keeps the others.', async () => {
  const loads: string[] = [];
  const cache = expiringCache({ now: () => new Date(0), ttlMs: 1000, maxEntries: 2 });
  const get = (key: string) =>
    cache(key, () => {
      loads.push(key);
      return Promise.resolve({ kind: 'found', value: key });
    });
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) expect(await get(key)).toEqual({ kind: 'found', value: key });
  expect(loads).toEqual(['a', 'b', 'c', 'a']);
});

test('A load that throws is not shared with the next one.', async () => {
  const cache = expiringCache({ now: () => new Date(0), ttlMs: 1000, maxEntries: 2 });
  await expect(cache('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(await cache('a', () => Promise.resolve({ kind: 'found', value: 'x' }))).toEqual({ kind: 'found', value: 'x' });
});
