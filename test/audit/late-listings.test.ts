import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { headOf } from '../../src/audit/checkpoint/checkpoint.ts';
import { lateness } from '../../src/audit/verify/lateness.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { announce, type AzuriteAudit, sampleEvent, sealAt as sealAtTime, write } from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';

const HOUR = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const at = (hours: number): Date => new Date(start + hours * HOUR);

/** A checkpoint at each of these hours. */
async function sealAt(audit: AzuriteAudit, ...hours: readonly number[]): Promise<void> {
  for (const hour of hours) await sealAtTime(audit, at(hour));
}
const hoursUpTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const faultsIn = async (audit: AzuriteAudit, from = at(0), to?: Date) => (await verify(audit, { from, to })).faults;

/** Offline, of the whole first day. */
async function faultsOffline(audit: AzuriteAudit, events: readonly AuditEvent[]) {
  async function* lines() {
    for (const event of events) yield await Promise.resolve(canonicalJson(event));
  }
  const last = Math.max(...(await audit.checkpoints.numbers()));
  return (await verifyExport(audit, { lines, from: '2026-03-01', to: '2026-03-01', first: 1, last })).faults;
}

describe('an event that was added with an earlier time and a marker', () => {
  const honest = sampleEvent({ time: at(1.5).toISOString() });
  const added = sampleEvent({ time: at(1.7).toISOString() });
  const detail =
    'It was listed 58 hours after its time: it was added later, or the audit was down, or the proxy paused.';
  let audit: AzuriteAudit;
  beforeAll(async () => {
    audit = fastAudit();
    await sealAt(audit, 0, 1);
    await write(audit, honest);
    await sealAt(audit, ...hoursUpTo(2, 59));
    await write(audit, added);
    await sealAt(audit, 60);
  });

  it('is "late" by the verification that covers the checkpoint which lists it, and not accounted for on its day', async () => {
    const place = audit.auditRows.placeOf({ time: added.time, subject: added.checkId!, sequence: 1 });
    expect(await faultsIn(audit)).toEqual([{ kind: 'late', place, detail }]);
    expect(await faultsIn(audit, at(48))).toEqual([{ kind: 'late', place, detail }]);
    expect(await faultsIn(audit, at(0), at(2))).toEqual([{ kind: 'late', place, detail }]);
    await sealAt(audit, ...hoursUpTo(61, 80));
    expect(await faultsIn(audit, at(24), at(48))).toEqual([]);
  });

  it('is missed by the former where it was deleted', async () => {
    const other = fastAudit();
    await sealAt(other, ...hoursUpTo(0, 99));
    const event = sampleEvent({ time: at(1.7).toISOString() });
    await write(other, event);
    await sealAt(other, 100);
    const kinds = async (from: number, to?: number) =>
      (await faultsIn(other, at(from), to === undefined ? undefined : at(to))).map(({ kind }) => kind);
    expect([await kinds(96), await kinds(0, 24)]).toEqual([['late'], ['inserted']]);
    for await (const { partitionKey, rowKey } of other.tables.audit.listEntities())
      await other.tables.audit.deleteEntity(partitionKey!, rowKey!);
    expect([await kinds(96), await kinds(0, 24)]).toEqual([['deleted', 'late'], []]);
  });

  it('is named "late" offline', async () => {
    const place = `event ${added.checkId!}, number 1, of ${added.time}`;
    expect(await faultsOffline(audit, [added, honest])).toEqual([{ kind: 'late', place, detail }]);
  });
});

describe('an event that comes late for a good reason is no fault', () => {
  it('after a day without a writable audit', async () => {
    const audit = fastAudit();
    await sealAt(audit, ...hoursUpTo(0, 47));
    await write(audit, sampleEvent({ time: at(0.5).toISOString() }));
    await sealAt(audit, 48);
    expect(await faultsIn(audit)).toEqual([]);
  });

  it('after a week in which the proxy stood still, also where it makes a checkpoint before it delivers', async () => {
    const audit = fastAudit();
    await sealAt(audit, 0, 1);
    const event = sampleEvent({ time: at(0.9).toISOString() });
    await announce(audit, event);
    await sealAt(audit, 168, 168.1);
    await write(audit, event);
    await sealAt(audit, 168.2);
    expect(await faultsIn(audit)).toEqual([]);
    expect(await faultsOffline(audit, [event])).toEqual([]);
  });

  it('and a verification from the middle of a day knows what was listed that morning', async () => {
    const audit = fastAudit();
    await write(audit, sampleEvent({ time: at(1).toISOString() }));
    await sealAt(audit, 1.1, 12, 23);
    expect(await faultsIn(audit, at(20))).toEqual([]);
  });
});

describe('lateness', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 20 * 24 * HOUR }), { minLength: 2, maxLength: 200 });
  const listing = (time: string, event: number, number: number) => ({
    ...{ time, previous: headOf(number - 1, '') },
    events: [[new Date(event).toISOString(), 'x', 1, 'x'] as [string, string, number, string]],
  });

  it('is never of an event within the hour before one of the last 48 checkpoints, however long the proxy stood still', () => {
    fc.assert(
      fc.property(gaps, fc.nat(), fc.nat(48), fc.integer({ min: 1, max: HOUR }), (given, pick, later, before) => {
        const times = given.map((_, i) => given.slice(0, i + 1).reduce((sum, gap) => sum + gap, start));
        const first = pick % times.length;
        const listed = Math.min(times.length - 1, first + later);
        // Written right after a checkpoint, and before the next.
        const event = Math.min(times[first]! + before, times[first + 1] ?? Infinity);
        const late = lateness();
        for (let i = times.length - 1; i >= 0; i--) {
          const checkpoint = listing(new Date(times[i]!).toISOString(), event, i + 2);
          late.add(i === listed ? checkpoint : { ...checkpoint, events: [] });
        }
        expect(late.late()).toEqual([]);
      }),
    );
  });

  it('is of every event that checkpoints every five minutes passed over for more than 48 hours', () => {
    for (const [hours, found] of [
      [47.9, 0],
      [48.2, 1],
    ] as const) {
      const late = lateness();
      for (let minutes = 100 * 60; minutes >= 0; minutes -= 5) {
        const checkpoint = listing(at(minutes / 60).toISOString(), at(100 - hours).getTime(), minutes / 5 + 2);
        late.add(minutes === 100 * 60 ? checkpoint : { ...checkpoint, events: [] });
      }
      expect(late.late()).toHaveLength(found);
    }
  });

  it('is of an event whose time is hours after the checkpoint that lists it', () => {
    const late = lateness();
    late.add(listing(at(0).toISOString(), at(5).getTime(), 2));
    expect(late.late().map(({ why }) => why)).toEqual(['Its time is 5 hours after it was listed: a clock was ahead.']);
  });
});
