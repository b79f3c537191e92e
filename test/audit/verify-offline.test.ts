import { describe, expect, it } from 'vitest';
import { endsOf } from '../../scripts/audit/verify-offline.ts';
import { hashOfCheckpoint, noCheckpoint, writeCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { verifyExport } from '../../src/audit/export/verify-export.ts';
import { newSigningKey } from '../support/new-signing-key.ts';

const signingKey = parseSigningKey(newSigningKey())!;

async function* noLines() {}

/** Empty checkpoints of those times, from the number `first` to `last` at hand. */
function verified(times: readonly string[], first: number, last: number, [from, to]: readonly [string, string]) {
  const texts: string[] = [];
  for (const [i, time] of times.entries()) {
    const previous = i === 0 ? noCheckpoint : hashOfCheckpoint(texts[i - 1]!);
    texts.push(writeCheckpoint(signingKey, { sequence: i + 1, time, previous, events: [], late: 0 }));
  }
  const read = (sequence: number) => Promise.resolve(texts[sequence - 1]);
  const head = { sequence: last, hash: hashOfCheckpoint(texts[last - 1]!) };
  return verifyExport(
    { checkpoints: { read }, signatures: signingKey },
    { lines: noLines(), from, to, first, last: head },
  );
}

describe('offline verification', () => {
  it('bears years of checkpoints', () => {
    const numbers = Array.from({ length: 500_000 }, (_, i) => 500_000 - i);
    expect(endsOf(numbers)).toEqual([1, 500_000]);
    expect(() => Math.min(...numbers)).toThrow(RangeError);
  });

  const times = ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z', '2026-03-02T12:00:00.000Z'].concat(
    '2026-03-02T23:59:59.999Z',
    '2026-03-03T00:00:00.000Z',
  );
  const days = ['2026-03-01', '2026-03-02'] as const;

  it.each([
    ['nothing', 1, 5, days, []],
    ['the first, within the period', 2, 5, days, ['checkpoint 1']],
    ['the first, before the period', 2, 5, ['2026-03-02', '2026-03-02'], []],
    ['the last, of the period’s end', 1, 4, days, ['checkpoint 5']],
    ['both ends', 3, 3, days, ['checkpoint 2', 'checkpoint 4']],
  ] as const)('tells where checkpoints lack %s', async (_what, first, last, period, places) => {
    const { valid, faults } = await verified(times, first, last, period);
    expect(valid).toBe(places.length === 0);
    expect(faults.map(({ kind, place }) => [kind, place])).toEqual(places.map((place) => ['checkpointMissing', place]));
  });
});
