import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { sealAudit } from '../../src/jobs/seal-audit.ts';
import { toAuditRows } from '../../src/storage/audit/audit-rows.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import { tableRefusalCounts } from '../../src/storage/audit/table-refusal-counts.ts';
import { type AzuriteAudit, sampleEvent, sealAt, write, writeInTime } from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';
import { linesOf } from '../support/log-lines.ts';

const now = () => new Date('2026-03-12T12:00:00Z');
const period = { from: new Date('2026-03-01'), to: new Date('2026-03-04') };

/** An honest event, and the rows of one that never was, ten days ago. */
async function invented(kinds: readonly string[] = ['t', 'r', 'a', 'c'], sequence = 2) {
  const audit = fastAudit({ now });
  await writeInTime(audit, sampleEvent({ time: '2026-03-02T08:00:00.000Z' }));
  const event = sampleEvent({ time: '2026-03-02T10:00:00.000Z' });
  const rows = toAuditRows({ sequence, event }).filter(({ rowKey }) => kinds.includes(rowKey.slice(0, 1)));
  for (const row of rows) await audit.tables.audit.createEntity(row);
  return { audit, marker: sealMarkerOf({ sequence, event }), rows };
}

const kindsOf = async (audit: AzuriteAudit) => {
  await seal(audit);
  return (await verify(audit, period)).faults.map(({ kind }) => kind);
};

describe('an invented event of ten days ago', () => {
  const changes: [string, Record<string, unknown>][] = [
    ['of the year 2200', { time: '2200-01-01T00:00:00.000Z' }],
    ['of another hour', { time: '2026-03-02T11:00:00.000Z' }],
    ['of no time', { time: 'soon' }],
    ['of a time that is a number', { time: 5 }],
  ];

  it.each(changes)('is "inserted", however often it is asked, with a marker %s', async (_, change) => {
    const { audit, marker } = await invented();
    await audit.tables.checks.createEntity({ ...marker, ...change });
    for (let call = 0; call < 2; call++) expect(await kindsOf(audit)).toEqual(['inserted']);
  });

  it.each(['r', 'a', 'c'])(
    'is "inserted" with a marker of its time where there is only its row by %s',
    async (kind) => {
      const { audit, marker } = await invented([kind]);
      await audit.tables.checks.createEntity(marker);
      expect(await kindsOf(audit)).toEqual(['inserted']);
    },
  );

  it('is "inserted" with all its rows and a marker of its time, and "late" on the day on which it was listed', async () => {
    const { audit, marker } = await invented();
    for (let minutes = 60; minutes > 0; minutes--) await sealAt(audit, new Date(now().getTime() - minutes * 60_000));
    await audit.tables.checks.createEntity(marker);
    // Its marker excuses nothing that two days of checkpoints have passed over.
    expect((await verify(audit, period)).faults.map(({ kind }) => kind)).toEqual(['inserted']);
    await seal(audit);
    const { faults } = await verify(audit, { from: new Date('2026-03-12') });
    expect(faults.map(({ kind }) => kind)).toEqual(['late']);
  });
});

describe('a marker that names no event that there can be', () => {
  it('has nothing listed that readers would refuse, and its rows are "inserted"', async () => {
    const { audit, marker, rows } = await invented(undefined, 0);
    await audit.tables.checks.createEntity(marker);
    await writeInTime(audit, sampleEvent({ time: '2026-03-03T09:00:00.000Z' }));
    const { events, faults } = await verify(audit, period);
    // The row that says a number which there cannot be is no event's, and no pointer belongs to it.
    expect([events, faults.length > 0, faults.length <= rows.length]).toEqual([2, true, true]);
  });

  it('keeps no other waiting, and the log says once a run that it is there', async () => {
    const { audit } = await invented([]);
    const strange = [
      { rowKey: 'unsealed!zzz', time: '2026-03-02T10:00:00.000Z' },
      { rowKey: `unsealed!${'-'.repeat(36)}!000001`, time: '2026-03-02T10:00:00.000Z' },
      { rowKey: `unsealed!${randomUUID()}!000002`, time: 5 },
    ];
    for (const each of strange) await audit.tables.checks.createEntity({ partitionKey: '0', ...each });
    const event = sampleEvent({ time: now().toISOString() });
    await write(audit, event);
    const { context, lines } = linesOf();
    const deps = { ...audit, audit: audit.log, refusals: tableRefusalCounts(audit.tables.checks, audit.proofs) };
    await sealAudit(deps)({} as Parameters<ReturnType<typeof sealAudit>>[0], context);
    expect(lines.map(({ level, message, events }) => ({ level, message, events }))).toEqual([
      { level: 'information', message: 'The audit was sealed.', events: 1 },
      { level: 'error', message: 'Something in storage is not as the proxy wrote it.', events: undefined },
    ]);
    expect((await verify(audit, { from: now() })).faults).toEqual([]);
  });
});

const HOUR = 3_600_000;
const at = (hours: number): Date => new Date(Date.parse('2026-03-01T00:00:00Z') + hours * HOUR);

/** A checkpoint every hour, and an event at noon of every day. */
async function hourly(audit: AzuriteAudit, first: number, last: number): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (let hour = first; hour <= last; hour++) {
    const event = sampleEvent({ time: at(hour).toISOString() });
    if (hour % 24 === 12) events.push(event);
    if (hour % 24 === 12) await writeInTime(audit, event);
    else await sealAt(audit, at(hour));
  }
  return events;
}

const blobOf = (sequence: number): string => `checkpoints/${String(sequence).padStart(9, '0')}.jws`;

describe('checkpoints that were taken away from the end, with the note of the newest', () => {
  it.each([
    [25, 'from 2026-03-02T00:00:00.000Z to 2026-03-04T00:00:00.000Z', 2],
    [0, 'before 2026-03-04T00:00:00.000Z', 3],
  ])('after number %i, leave every event that is rewritten behind it "late"', async (kept, gap, rewritten) => {
    const audit = fastAudit();
    const events = await hourly(audit, 0, 71);
    for (let sequence = kept + 1; sequence <= 72; sequence++) await audit.container.deleteBlob(blobOf(sequence));
    await audit.tables.checks.deleteEntity('audit', 'head');
    for (const event of events.slice(3 - rewritten)) {
      const edited = { ...event, reason: 'rewritten' };
      for (const row of toAuditRows({ sequence: 1, event: edited }))
        await audit.tables.audit.updateEntity(row, 'Replace');
      await audit.tables.checks.createEntity(sealMarkerOf({ sequence: 1, event: edited }));
    }
    const detail = `No checkpoint was made ${gap}, while the proxy had events: sealing was down, or checkpoints were taken away.`;
    await sealAt(audit, at(72));
    const { faults } = await verify(audit, { from: at(0) });
    expect(faults.map(({ kind, detail }) => ({ kind, detail }))).toEqual(
      Array.from({ length: rewritten }, () => ({ kind: 'late', detail })),
    );
  });

  it('are not told of where the proxy stood still and had no events', async () => {
    const audit = fastAudit();
    await hourly(audit, 0, 12);
    await writeInTime(audit, sampleEvent({ time: at(12.9).toISOString() }));
    const event = sampleEvent({ time: at(99.5).toISOString() });
    await write(audit, event);
    await sealAt(audit, at(100));
    const { faults, gaps } = await verify(audit, { from: at(0) });
    expect([faults, gaps]).toEqual([[], [{ from: at(12.9).toISOString(), to: at(100).toISOString() }]]);
  });
});
