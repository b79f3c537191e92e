import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { sealAudit } from '../../src/jobs/seal-audit.ts';
import { toAuditRows } from '../../src/storage/audit/audit-rows.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import { tableRefusalCounts } from '../../src/storage/audit/table-refusal-counts.ts';
import { azuriteAudit, type AzuriteAudit, sampleEvent, writeInTime } from '../support/azurite-audit.ts';
import { linesOf } from '../support/log-lines.ts';

const now = () => new Date('2026-03-12T12:00:00Z');
const period = { from: new Date('2026-03-01'), to: new Date('2026-03-04') };

/** An honest event, and the rows of one that never was, ten days ago. */
async function invented(kinds: readonly string[] = ['t', 'r', 'a', 'c'], sequence = 2) {
  const audit = azuriteAudit({ now });
  await writeInTime(audit, sampleEvent({ time: '2026-03-02T08:00:00.000Z' }));
  const event = sampleEvent({ time: '2026-03-02T10:00:00.000Z' });
  const rows = toAuditRows({ sequence, event }).filter(({ rowKey }) => kinds.includes(rowKey.slice(0, 1)));
  for (const row of rows) await audit.tables.audit.createEntity(row);
  return { audit, marker: sealMarkerOf({ sequence, event }), rows };
}

const kindsOf = async (audit: AzuriteAudit) => (await verify(audit, period)).faults.map(({ kind }) => kind);

describe('an invented event of ten days ago', () => {
  const changes: [string, Record<string, unknown>][] = [
    ['of the year 2200', { time: '2200-01-01T00:00:00.000Z' }],
    ['of another hour', { time: '2026-03-02T11:00:00.000Z' }],
    ['of no time', { time: 'soon' }],
    ['of a time that is a number', { time: 5 }],
  ];

  it.each(changes)('is "inserted" in each row, however often it is asked, with a marker %s', async (_, change) => {
    const { audit, marker } = await invented();
    await audit.tables.checks.createEntity({ ...marker, ...change });
    for (let call = 0; call < 2; call++)
      expect(await kindsOf(audit)).toEqual(['inserted', 'inserted', 'inserted', 'inserted']);
  });

  it.each(['r', 'a', 'c'])(
    'is "inserted" with a marker of its time where there is only its row by %s',
    async (kind) => {
      const { audit, marker } = await invented([kind]);
      await audit.tables.checks.createEntity(marker);
      expect(await kindsOf(audit)).toEqual(['inserted']);
    },
  );

  it('is "late" with all its rows and a marker of its time', async () => {
    const { audit, marker } = await invented();
    await audit.tables.checks.createEntity(marker);
    expect(await kindsOf(audit)).toEqual(['late']);
  });
});

describe('a marker that names no event that there can be', () => {
  it('has nothing listed that readers would refuse, and its rows are "inserted"', async () => {
    const { audit, marker, rows } = await invented(undefined, 0);
    await audit.tables.checks.createEntity(marker);
    await writeInTime(audit, sampleEvent({ time: '2026-03-03T09:00:00.000Z' }));
    const { events, faults } = await verify(audit, period);
    expect([events, faults.map(({ kind }) => kind)]).toEqual([2, rows.map(() => 'inserted')]);
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
    await audit.log.announce(event);
    await audit.log.append({ sequence: 1, event });
    const { context, lines } = linesOf();
    const deps = { ...audit, audit: audit.log, refusals: tableRefusalCounts(audit.tables.checks) };
    await sealAudit(deps)({} as Parameters<ReturnType<typeof sealAudit>>[0], context);
    expect(lines.map(({ level, message, events, count }) => ({ level, message, events, count }))).toEqual([
      { level: 'information', message: 'The audit was sealed.', events: 1, count: undefined },
      {
        ...{ level: 'warning', message: 'Markers of events that there cannot be were passed over.' },
        ...{ events: undefined, count: 3 },
      },
    ]);
    expect((await verify(audit, { from: now() })).faults).toEqual([]);
  });
});

const HOUR = 3_600_000;
const at = (hours: number): Date => new Date(Date.parse('2026-03-01T00:00:00Z') + hours * HOUR);
const dayOne = { from: at(0), to: at(24) };

/** A checkpoint every hour, and an event at noon of every day. */
async function hourly(audit: AzuriteAudit, first: number, last: number): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (let hour = first; hour <= last; hour++) {
    const event = sampleEvent({ time: at(hour).toISOString() });
    if (hour % 24 === 12) events.push(event);
    if (hour % 24 === 12) await writeInTime(audit, event);
    else await seal({ ...audit, now: () => at(hour) });
  }
  return events;
}

const blobOf = (sequence: number): string => `checkpoints/${String(sequence).padStart(9, '0')}.json`;

describe('checkpoints that were taken away from the end, with the note of the newest', () => {
  it.each([
    [25, 'from 2026-03-02T00:00:00.000Z to 2026-03-04T00:00:00.000Z', 2],
    [0, 'before 2026-03-04T00:00:00.000Z', 3],
  ])('after number %i, leave every event that is rewritten behind it "late"', async (kept, gap, rewritten) => {
    const audit = azuriteAudit();
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
    const { faults } = await verify({ ...audit, now: () => at(72) }, { from: at(0) });
    expect(faults.map(({ kind, detail }) => ({ kind, detail }))).toEqual(
      Array.from({ length: rewritten }, () => ({ kind: 'late', detail })),
    );
  });

  it('are not told of where the proxy stood still and had no events', async () => {
    const audit = azuriteAudit();
    await hourly(audit, 0, 12);
    await writeInTime(audit, sampleEvent({ time: at(12.9).toISOString() }));
    const event = sampleEvent({ time: at(99.5).toISOString() });
    await audit.log.announce(event);
    await audit.log.append({ sequence: 1, event });
    await seal({ ...audit, now: () => at(100) });
    expect((await verify({ ...audit, now: () => at(100) }, { from: at(0) })).faults).toEqual([]);
  });
});

/** Two events of the first day that are listed days later, 30 checkpoints apart; the head is number 131. */
async function lateListed() {
  const audit = azuriteAudit();
  await hourly(audit, 0, 89);
  const late: AuditEvent[] = [];
  for (const hour of [90, 120]) {
    const event = sampleEvent({ time: at(13).toISOString() });
    await audit.log.announce(event);
    await audit.log.append({ sequence: 1, event });
    late.push(event);
    await hourly(audit, hour, hour === 90 ? 119 : 130);
  }
  return { audit, late };
}

async function reportOf(audit: AzuriteAudit, hour: number) {
  let reads = 0;
  const read = (sequence: number) => audit.checkpoints.read((reads++, sequence));
  const report = await verify({ ...audit, now: () => at(hour), checkpoints: { ...audit.checkpoints, read } }, dayOne);
  return { reads, kinds: report.faults.map(({ kind }) => kind) };
}

describe('an event that was listed days after its day', () => {
  it('is looked for by the verification of its day, and missed where it was deleted', async () => {
    const { audit, late } = await lateListed();
    expect((await reportOf(audit, 131)).kinds).toEqual(['late', 'late']);
    for (const event of late)
      for (const { partitionKey, rowKey } of toAuditRows({ sequence: 1, event }))
        await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    expect((await reportOf(audit, 131)).kinds).toEqual(['deleted', 'deleted']);
    // Its checkpoint cannot be trusted: those before it are found all the same.
    await audit.container.getBlockBlobClient(blobOf(121)).upload('{}', 2);
    expect((await reportOf(audit, 131)).kinds).toEqual(['checkpointChanged', 'deleted']);
  });

  it('costs a read for each checkpoint that lists such ones, whatever was made since, and so does an inserted row', async () => {
    const { audit } = await lateListed();
    const inserted = sampleEvent({ time: at(14).toISOString() });
    await audit.log.append({ sequence: 1, event: inserted });
    const before = await reportOf(audit, 131);
    await hourly(audit, 132, 260);
    const after = await reportOf(audit, 261);
    for (const { kinds } of [before, after])
      expect(kinds.sort()).toEqual(['inserted', 'inserted', 'inserted', 'inserted', 'late', 'late']);
    // The search for the first checkpoint of the day halves twice as many.
    expect(after.reads - before.reads).toBeLessThanOrEqual(1);
  });
});

describe('checkpoints that are made while a verification runs', () => {
  it.each([
    [100, 'inserted'],
    [101, 'unproven'],
  ])('are read up to a hundred: %i', async (count, kind) => {
    const { audit } = await invented(['r']);
    const between = async function* (...days: Parameters<AzuriteAudit['auditRows']['between']>) {
      for (let made = 0; made < count; made++) await seal(audit);
      yield* audit.auditRows.between(...days);
    };
    expect((await verify({ ...audit, auditRows: { between } }, period)).faults.map((fault) => fault.kind)).toEqual([
      kind,
    ]);
  });
});

describe('a newest checkpoint that was replaced by somebody without the key', () => {
  it('is believed neither its time nor that none before it lists late events', async () => {
    const audit = azuriteAudit({ now });
    await seal(audit);
    const newest = readCheckpoint((await audit.checkpoints.read(1))!)!;
    const forged = JSON.stringify({ ...newest, time: '2200-01-01T00:00:00.000Z' });
    await audit.container.getBlockBlobClient(blobOf(1)).upload(forged, Buffer.byteLength(forged));
    await seal(audit);
    expect(readCheckpoint((await audit.checkpoints.read(2))!)).toMatchObject({ time: now().toISOString(), late: 1 });
  });
});
