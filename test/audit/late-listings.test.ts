import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { lateListings } from '../../src/audit/checkpoint/late-listings.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { verifyExport } from '../../src/audit/export/verify-export.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import { azuriteAudit, type AzuriteAudit, sampleEvent, write } from '../support/azurite-audit.ts';

const HOUR = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const at = (hours: number): Date => new Date(start + hours * HOUR);

/** A checkpoint at each of these hours. */
async function sealAt(audit: AzuriteAudit, ...hours: readonly number[]): Promise<void> {
  for (const hour of hours) await seal({ ...audit, now: () => at(hour) });
}
const hoursUpTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** As somebody who can write both tables writes it. */
async function insert({ tables, log }: AzuriteAudit, event: AuditEvent): Promise<void> {
  await tables.checks.upsertEntity(sealMarkerOf({ sequence: 1, event }), 'Replace');
  await log.append({ sequence: 1, event });
}

const faultsAt = async (audit: AzuriteAudit, hour: number, from = at(0), to?: Date) =>
  (await verify({ ...audit, now: () => at(hour) }, { from, to })).faults;

/** Offline, of the whole first day. */
async function faultsOffline(audit: AzuriteAudit, events: readonly AuditEvent[]) {
  async function* lines() {
    for (const event of events) yield await Promise.resolve(canonicalJson(event));
  }
  const head = (await audit.sealState.head())!;
  const given = { lines: lines(), from: '2026-03-01', to: '2026-03-01', first: 1, last: head };
  return (await verifyExport(audit, given)).faults;
}

describe('an event that was added with an earlier time and a marker', () => {
  const honest = sampleEvent({ time: at(1.5).toISOString() });
  const added = sampleEvent({ time: at(1.7).toISOString() });
  const detail =
    'It was listed 58 hours after its time: it was added later, or the audit was down, or the proxy paused.';
  let audit: AzuriteAudit;
  beforeAll(async () => {
    audit = azuriteAudit();
    await sealAt(audit, 0, 1);
    await write(audit, honest);
    await sealAt(audit, ...hoursUpTo(2, 59));
    await insert(audit, added);
    await sealAt(audit, 60);
  });

  it('is named "late" once, with its row by time, whatever part of the time is asked for', async () => {
    const late = { kind: 'late', place: expect.stringContaining(`t!`) as string, detail };
    expect(await faultsAt(audit, 60)).toEqual([late]);
    // Its listing is beyond all checkpoints that a verification of its day would read.
    expect(await faultsAt(audit, 60, at(0), at(2))).toEqual([late]);
    expect(await faultsAt(audit, 60, at(24))).toEqual([]);
  });

  it('is named "late" offline, by its line', async () => {
    expect(await faultsOffline(audit, [added, honest])).toEqual([{ kind: 'late', place: 'line 1', detail }]);
  });
});

describe('an event that comes late for a good reason is no fault', () => {
  it('after a day without a writable audit', async () => {
    const audit = azuriteAudit();
    await sealAt(audit, ...hoursUpTo(0, 47));
    await insert(audit, sampleEvent({ time: at(0.5).toISOString() }));
    await sealAt(audit, 48);
    expect(await faultsAt(audit, 49)).toEqual([]);
  });

  it('after a week in which the proxy stood still, also where it makes a checkpoint before it delivers', async () => {
    const audit = azuriteAudit();
    await sealAt(audit, 0, 1);
    const event = sampleEvent({ time: at(0.9).toISOString() });
    await audit.tables.checks.upsertEntity(sealMarkerOf({ sequence: 1, event }), 'Replace');
    await sealAt(audit, 168, 168.1);
    await insert(audit, event);
    await sealAt(audit, 168.2);
    expect(await faultsAt(audit, 168.3)).toEqual([]);
    expect(await faultsOffline(audit, [event])).toEqual([]);
  });

  it('and a verification from the middle of a day knows what was listed that morning', async () => {
    const audit = azuriteAudit();
    await write(audit, sampleEvent({ time: at(1).toISOString() }));
    await sealAt(audit, 1.1, 12, 23);
    expect(await faultsAt(audit, 30, at(20))).toEqual([]);
  });
});

describe('lateness', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 20 * 24 * HOUR }), { minLength: 2, maxLength: 200 });

  it('is never of an event that one of the next 48 checkpoints lists, however long the proxy stood still', () => {
    fc.assert(
      fc.property(gaps, fc.nat(), (given, pick) => {
        const times = given.map((_, i) => new Date(given.slice(0, i + 1).reduce((sum, gap) => sum + gap, start)));
        const late = lateListings();
        const bounds = times.map((time, i) => late.pass({ sequence: i + 1, time: time.toISOString() }));
        const first = pick % times.length;
        for (const bound of bounds.slice(first, first + 49)) expect(times[first]!.toISOString() >= bound).toBe(true);
      }),
    );
  });

  it('is of every event that checkpoints every five minutes passed over for more than 49 hours', () => {
    const late = lateListings();
    let bound = '';
    for (let minutes = 0; minutes <= 100 * 60; minutes += 5)
      bound = late.pass({ sequence: minutes / 5 + 1, time: at(minutes / 60).toISOString() });
    expect([bound > at(51).toISOString(), bound <= at(52).toISOString()]).toEqual([true, true]);
  });
});
