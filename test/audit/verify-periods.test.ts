import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditFilter } from '../../src/audit/audit-history.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { partitionOfMonth } from '../../src/storage/audit/audit-keys.ts';
import { toAuditRows } from '../../src/storage/audit/audit-rows.ts';
import { type AzuriteAudit, requesterIdOf, requesterOf, sampleEvent, writeInTime } from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';

const now = () => new Date('2026-04-10T12:00:00Z');
const keyOf = ({ time, checkId }: AuditEvent) => ({ time, subject: checkId!, sequence: 1 });
const kinds = ['t', 'r', 'a', 'q', 'c'] as const;
type Kind = (typeof kinds)[number];
type Row = ReturnType<typeof toAuditRows>[number];

/** Whole days; the event that is tampered with is of `day`. */
const periods = {
  day: { from: new Date('2026-03-05'), to: new Date('2026-03-06') },
  month: { from: new Date('2026-03-01'), to: new Date('2026-04-01') },
  anotherDay: { from: new Date('2026-03-20'), to: new Date('2026-03-21') },
  quietDays: { from: new Date('2026-03-10'), to: new Date('2026-03-15') },
  monthBefore: { from: new Date('2026-02-01'), to: new Date('2026-03-01') },
};
type Period = keyof typeof periods;

const eventAt = (time: string, name = 'alice'): AuditEvent => sampleEvent({ time, requester: requesterOf(name) });

interface History {
  readonly audit: AzuriteAudit;
  /** Of `day`, and of `anotherDay`. */
  readonly event: AuditEvent;
  readonly another: AuditEvent;
  readonly events: readonly AuditEvent[];
}

async function history(): Promise<History> {
  const audit = fastAudit({ now });
  const [event, another] = [eventAt('2026-03-05T10:00:00.000Z'), eventAt('2026-03-20T10:00:00.000Z', 'bob')];
  const events = [eventAt('2026-02-10T10:00:00.000Z'), event, another, eventAt('2026-04-02T10:00:00.000Z')];
  for (const each of events) await writeInTime(audit, each);
  return { audit, event, another, events };
}

function rowOf(event: AuditEvent, kind: Kind): Row {
  return toAuditRows({ sequence: 1, event }).find(({ rowKey }) => rowKey.startsWith(`${kind}!`))!;
}

async function unsound(audit: AzuriteAudit): Promise<Period[]> {
  const found: Period[] = [];
  for (const [name, period] of Object.entries(periods)) {
    const { valid, faults } = await verify(audit, period);
    expect(valid).toBe(faults.length === 0);
    expect(faults.every(({ place, detail }) => place !== '' && detail !== '')).toBe(true);
    if (!valid) found.push(name as Period);
  }
  return found;
}

/** An event that never was, of the same moment as the given one. */
const forged = ({ time }: AuditEvent): AuditEvent => eventAt(time, 'mallory');
const without = (row: Row, ...columns: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name))) as Row;
const textOf = (event: AuditEvent) => ({ event: canonicalJson(event) });

type Tamper = (history: History, kind: Kind) => Promise<unknown>;
const replaced =
  (change: (row: Row, history: History, kind: Kind) => Row): Tamper =>
  (given, kind) => {
    const row = rowOf(given.event, kind);
    return given.audit.tables.audit.updateEntity(change(row, given, kind), 'Replace');
  };
const inserted =
  (change: (row: Row, given: History, kind: Kind) => Row): Tamper =>
  (given, kind) =>
    given.audit.tables.audit.createEntity(change(rowOf(forged(given.event), kind), given, kind));
const moved =
  (change: (row: Row, given: History, kind: Kind) => Partial<Row>): Tamper =>
  async (given, kind) => {
    const row = rowOf(given.event, kind);
    await given.audit.tables.audit.deleteEntity(row.partitionKey, row.rowKey);
    await given.audit.tables.audit.createEntity({ ...row, ...change(row, given, kind) });
  };

const otherDay = '2026-03-20T11:00:00.000Z';
const otherMonth = '2026-02-20T11:00:00.000Z';
const inMarch: Period[] = ['day', 'month', 'anotherDay', 'quietDays'];
const everywhere: Period[] = [...inMarch, 'monthBefore'];
/** The key of another event's row of that kind, of which there is none yet. */
const keyElsewhere = ({ another }: History, kind: Kind) => ({
  rowKey: rowOf({ ...another, id: randomUUID(), checkId: randomUUID() }, kind).rowKey,
});
const columns = ['time', 'action', 'event', 'another'];

const tampering: [string, Period[], Tamper][] = [
  [
    'an edited text',
    ['day', 'month'],
    replaced((row) => ({ ...row, event: String(row['event']).replace('"d"', '"e"') })),
  ],
  ['a text that is no event', ['day', 'month'], replaced((row) => ({ ...row, event: 'none' }))],
  ...columns.map((column): (typeof tampering)[number] => [
    `an edited ${column}`,
    ['day', 'month'],
    replaced((row) => ({ ...row, [column]: `${String(row[column])}x` })),
  ]),
  ['a removed column', ['day', 'month'], replaced((row) => without(row, 'action', 'event'))],
  // What does not say a time of its month is in every period of it.
  ['a removed time', inMarch, replaced((row) => without(row, 'time'))],
  ['a time that is a number', inMarch, replaced((row) => ({ ...row, time: 20260305 }))],
  ['the time of another day', ['day', 'month', 'anotherDay'], replaced((row) => ({ ...row, time: otherDay }))],
  ['the time of another month', inMarch, replaced((row) => ({ ...row, time: otherMonth }))],
  ['a day that is none', inMarch, replaced((row) => ({ ...row, time: '2026-03-00T00:00:00.000Z' }))],
  [
    'a deleted row',
    ['day', 'month'],
    ({ audit, event }, kind) => {
      const { partitionKey, rowKey } = rowOf(event, kind);
      return audit.tables.audit.deleteEntity(partitionKey, rowKey);
    },
  ],
  [
    'a deleted event',
    ['day', 'month'],
    async ({ audit, event }) => {
      for (const { partitionKey, rowKey } of toAuditRows({ sequence: 1, event }))
        await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    },
  ],
  ['an inserted row', ['day', 'month'], inserted((row) => row)],
  [
    'an inserted row with other columns',
    ['day', 'month'],
    inserted((row) => ({ ...row, requester: 'x', action: 'read' })),
  ],
  ['an inserted row without columns', inMarch, inserted((row) => without(row, ...columns))],
  ['an inserted row without an event', ['day', 'month'], inserted((row) => without(row, 'event', 'action'))],
  // No query shows it; it is of the day that it says.
  [
    'an inserted row with the time of another day',
    ['month', 'anotherDay'],
    inserted((row) => ({ ...row, time: otherDay })),
  ],
  ['an inserted row with the time of another month', inMarch, inserted((row) => ({ ...row, time: otherMonth }))],
  [
    'a row moved to another month',
    ['day', 'month', 'monthBefore'],
    moved(() => ({ partitionKey: partitionOfMonth('2026-02') })),
  ],
  [
    'a row moved to another month with its time',
    ['day', 'month', 'monthBefore'],
    moved(() => ({ partitionKey: partitionOfMonth('2026-02'), time: otherMonth })),
  ],
  ['a row moved to no month', everywhere, moved(() => ({ partitionKey: 'zzz' }))],
  ['a row moved between months', everywhere, moved(({ partitionKey }) => ({ partitionKey: `${partitionKey}x` }))],
  ['a row moved before all months', everywhere, moved(() => ({ partitionKey: '' }))],
  ['a row moved to a month that is none', everywhere, moved(() => ({ partitionKey: partitionOfMonth('2026-13') }))],
  ['a row moved to another event’s list', ['day', 'month'], moved((_, given, kind) => keyElsewhere(given, kind))],
  [
    'a row moved to another day with its time',
    ['day', 'month', 'anotherDay'],
    moved((_, given, kind) => ({ ...keyElsewhere(given, kind), time: otherDay })),
  ],
  [
    'a row moved to another list',
    ['day', 'month'],
    moved(({ rowKey }, _, kind) => ({ rowKey: rowKey.replace(`${kind}!`, kind === 'a' ? 't!' : 'a!read!') })),
  ],
  ['a row moved to no list', ['day', 'month'], moved(({ rowKey }) => ({ rowKey: `x${rowKey}` }))],
  [
    'a copied row',
    ['day', 'month'],
    (given, kind) =>
      given.audit.tables.audit.createEntity({ ...rowOf(given.event, kind), ...keyElsewhere(given, kind) }),
  ],
  [
    'swapped events',
    ['day', 'month', 'anotherDay'],
    async ({ audit, event, another }, kind) => {
      await audit.tables.audit.updateEntity({ ...rowOf(event, kind), ...textOf(another) }, 'Replace');
      await audit.tables.audit.updateEntity({ ...rowOf(another, kind), ...textOf(event) }, 'Replace');
    },
  ],
  [
    'swapped rows',
    ['day', 'month', 'anotherDay'],
    async ({ audit, event, another }, kind) => {
      const [a, b] = [rowOf(event, kind), rowOf(another, kind)];
      await audit.tables.audit.updateEntity({ ...a, rowKey: b.rowKey }, 'Replace');
      await audit.tables.audit.updateEntity({ ...b, rowKey: a.rowKey }, 'Replace');
    },
  ],
];

/** Of one piece with itself: only the checkpoints know better. */
const plausible = ['an edited text', 'an inserted row'];

/** Every query by one filter, and some by two, over all months that were written to. */
function filtersOf({ events }: History): AuditFilter[] {
  const requesters = ['alice', 'bob', 'mallory'].map(requesterIdOf);
  return [
    {},
    periods.day,
    ...(['requested', 'read'] as const).map((action) => ({ actions: [action] })),
    ...requesters.flatMap((requester) => [
      { requesters: [requester] },
      { requesters: [requester], actions: ['requested' as const] },
    ]),
    ...events.flatMap(({ checkId, requestId }) => [{ checkId }, { checkId, requesters }, { requestId }]),
    { sources: ['s'] },
  ].map((filter) => ({ from: periods.monthBefore.from, ...filter }));
}

describe.each(tampering)('%s', (name, found, tamper) => {
  it.each(kinds)(
    'in rows by %s is found by the verifications of the days concerned, and shown by no query',
    async (kind) => {
      const given = await history();
      await tamper(given, kind);
      const texts = new Set(given.events.map(canonicalJson));
      for (const filter of filtersOf(given)) {
        const outcome = await given.audit.history.page(filter, 50).catch((error: unknown) => error);
        if (outcome instanceof Error)
          expect(outcome).toMatchObject({
            code: 'InternalError',
            message: expect.stringContaining('not as it was written') as string,
          });
        else if (!plausible.includes(name))
          expect(
            (outcome as { events: AuditEvent[] }).events.filter((event) => !texts.has(canonicalJson(event))),
          ).toEqual([]);
      }
      expect(await unsound(given.audit)).toEqual(
        Object.keys(periods).filter((period) => found.includes(period as Period)),
      );
    },
  );
});

describe('an audit of months that nobody touched', () => {
  let given: History;
  beforeAll(async () => {
    given = await history();
  });

  it('is valid in every period', async () => {
    expect(await unsound(given.audit)).toEqual([]);
  });

  it('reads the rows of the days alone', async () => {
    const places: string[] = [];
    for await (const rows of given.audit.auditRows.between('2026-03-05', '2026-03-19'))
      for (const { place } of rows) places.push(place);
    expect(places).toHaveLength(kinds.length);
    expect(places.every((place) => place.includes(given.event.checkId!))).toBe(true);
  });
});

describe('rows that no checkpoint lists', () => {
  it('are all counted, however many there are, 500 of a kind are named, and none hides one of another kind', async () => {
    const { audit, event } = await history();
    const between: AzuriteAudit['auditRows']['between'] = async function* (...days) {
      for await (const rows of audit.auditRows.between(...days))
        yield [...rows].filter((row) => row.event?.text !== canonicalJson(event));
      yield Array.from({ length: 50_000 }, (_, i) => ({ place: `row ${i}`, text: `row ${i}` }));
    };
    const { events, faults } = await verify({ ...audit, auditRows: { ...audit.auditRows, between } }, periods.day);
    expect(events).toBe(0);
    // The event is not there, and its three pointers lead nowhere.
    expect(faults[0]).toMatchObject({ kind: 'deleted', place: audit.auditRows.placeOf(keyOf(event)) });
    expect(faults).toHaveLength(502);
    expect(faults.at(-1)).toEqual({
      ...{ kind: 'further', place: 'inserted', detail: '49504 more faults of this kind were found.' },
    });
  });
});
