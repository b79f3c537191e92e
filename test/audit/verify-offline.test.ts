import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endsOf } from '../../src/cli/audit/verify-offline.ts';
import { type CheckpointEntry, headOf, noCheckpoint, writeCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { sha256 } from '../../src/contract/sha256.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { linesOfNdjson } from '../../src/audit/export/lines-of-ndjson.ts';
import { toNdjson } from '../../src/audit/export/to-ndjson.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { sampleEvent } from '../support/azurite-audit.ts';
import { newSigningKey } from '../support/new-signing-key.ts';

const signingKey = parseSigningKey(newSigningKey())!;

/** Checkpoints of those times, which list events; verified with those from the number `first` to `last` at hand. */
async function verified(
  given: readonly { readonly time: string; readonly events: readonly AuditEvent[] }[],
  {
    first,
    last,
    days: [from, to],
    lines,
  }: {
    readonly first: number;
    readonly last: number;
    readonly days: readonly [string, string];
    readonly lines: readonly string[];
  },
) {
  const texts: string[] = [];
  let previous = noCheckpoint;
  for (const [i, { time, events }] of given.entries()) {
    const listed = events.map((event): CheckpointEntry => [event.time, event.id, 1, sha256(canonicalJson(event))]);
    texts.push(await writeCheckpoint(signingKey, { number: i + 1, time, previous, events: listed }));
    previous = headOf(i + 1, texts[i]!);
  }
  const read = (number: number) => Promise.resolve(texts[number - 1]);
  return verifyExport(
    { checkpoints: { read }, signatures: signingKey, newId: randomUUID },
    { lines: () => Readable.from(lines), from, to, first, last },
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
  ] as const)('tells where checkpoints lack %s', async (_what, first, last, days, places) => {
    const given = times.map((time) => ({ time, events: [] }));
    const { valid, faults } = await verified(given, { first, last, days, lines: [] });
    expect(valid).toBe(places.length === 0);
    expect(faults.map(({ kind, place }) => [kind, place])).toEqual(places.map((place) => ['checkpointMissing', place]));
  });

  it('takes seconds for 100,000 altered lines, and names the first of them', async () => {
    const events = Array.from({ length: 100_000 }, () => sampleEvent({ checkId: undefined, time: times[2]! }));
    const lines = events.map((event) => JSON.stringify(event));
    const begun = performance.now();
    const days = ['2026-03-01', '2026-03-02'] as const;
    const { valid, faults } = await verified(
      [
        { time: times[2]!, events },
        { time: times[4]!, events: [] },
      ],
      { first: 1, last: 2, days, lines },
    );
    expect(valid).toBe(false);
    expect(faults.slice(0, 500).every(({ kind, place }) => kind === 'edited' && place.startsWith('line '))).toBe(true);
    expect(faults.at(-1)?.detail).toBe('99500 more faults of this kind were found.');
    expect(performance.now() - begun).toBeLessThan(60_000);
  }, 120_000);

  it('takes no other sign than a line feed for the end of a line', async () => {
    const reasons = ['a\u2028b', 'a\u2029b', 'a\u0085b', 'a\rb', 'Zürich'];
    const text = toNdjson(reasons.map((reason) => sampleEvent({ reason })));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length)), async (cuts) => {
        const bytes = Buffer.from(text);
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
        const lines: string[] = [];
        for await (const line of linesOfNdjson(Readable.from(chunks))) lines.push(line);
        expect(lines.map((line) => (JSON.parse(line) as AuditEvent).reason)).toEqual(reasons);
      }),
    );
  });
});
