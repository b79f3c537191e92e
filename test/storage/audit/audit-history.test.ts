import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Protocol } from '../../../src/arm/connectivity-parameters.ts';
import type { AuditFilter } from '../../../src/audit/audit-history.ts';
import type { WantedDestination } from '../../../src/contract/search/flow-filter.ts';
import { auditActionSchema, type AuditEvent } from '../../../src/audit/event.ts';
import { verify } from '../../../src/audit/verify/verify.ts';
import { partitionOfMonth } from '../../../src/storage/audit/audit-keys.ts';
import {
  azuriteAudit,
  type AzuriteAudit,
  requesterIdOf,
  requesterOf,
  sampleEvent,
  sealAt,
  write,
} from '../../support/azurite-audit.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const day = 86_400_000;
const newest = Date.parse('2026-03-01T10:00:00Z');
const now = () => new Date(newest + 60_000);

async function all({ history }: AzuriteAudit, filter: AuditFilter, top = 1000): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  let after: string | undefined;
  for (let calls = 0; calls < 200; calls++) {
    const page = await history.page(filter, top, after);
    expect(page.events.length).toBeLessThanOrEqual(top);
    events.push(...page.events);
    after = page.next;
    if (after === undefined) return events;
  }
  throw new Error('the pages do not end');
}

const isAny = <T>(wanted: readonly T[] | undefined, value: T | undefined): boolean =>
  wanted === undefined || (value !== undefined && wanted.includes(value));

function holds(event: AuditEvent, filter: AuditFilter): boolean {
  const { from, to, checkId, requestId } = filter;
  const { source, destination, port, protocol } = event.target;
  const isWanted = ({ destination: wanted, port: only = port }: WantedDestination): boolean =>
    wanted.replace(/\?.*/, '') === destination && only === port;
  const sources = filter.sources?.map((each) => each.toLowerCase());
  const code = event.outcome?.code ?? (event.action === 'refused' ? 'PolicyRefused' : undefined);
  return [
    isAny(filter.requesters, event.requester.id),
    isAny(filter.actions, event.action),
    from === undefined || event.time >= from.toISOString(),
    to === undefined || event.time < to.toISOString(),
    isAny(checkId === undefined ? undefined : [checkId], event.checkId),
    isAny(requestId === undefined ? undefined : [requestId], event.requestId),
    isAny(sources, source),
    filter.destinations?.some(isWanted) ?? true,
    isAny(filter.ports, port),
    isAny<string>(filter.protocols, protocol),
    isAny(filter.rules, event.decision.rule),
    isAny(filter.codes, code),
  ].every(Boolean);
}

describe('the audit history', () => {
  it('answers every filter and combination with exactly the events that match, newest first, in pages of any size', async () => {
    const audit = azuriteAudit({ now });
    const events = Array.from({ length: 120 }, (_, i) =>
      sampleEvent({
        // Some in the same millisecond, some a month apart; three years in all.
        time: new Date(newest - Math.floor(i / 2) ** 2 * 8 * 3_600_000).toISOString(),
        action: auditActionSchema.options[i % 5]!,
        requester: requesterOf(['alice', 'bob', 'carol'][i % 3]!),
        ...(i % 4 === 0 ? { checkId: undefined } : {}),
        target: {
          source: ['vm-a', 'vm-b'][i % 2],
          destination: ['10.1.2.4', 'https://x.example/a'][i % 3 === 0 ? 0 : 1],
          ...(i % 6 === 0 ? { port: 22, protocol: 'Tcp' } : {}),
        },
        decision: { ...sampleEvent().decision, rule: ['one', "it's two"][i % 4 < 2 ? 0 : 1]! },
        ...(i % 5 === 4 ? { outcome: { code: 'Poisoned' } } : {}),
      }),
    );
    for (const event of events) await write(audit, event);
    const instants = fc.integer({ min: newest - 1200 * day, max: newest + day }).map((time) => new Date(time));
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const some = <T>(...values: readonly T[]) =>
      maybe(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }));
    const filters = fc.record({
      requesters: some(...['alice', 'bob', 'nobody'].map(requesterIdOf)),
      actions: some(...auditActionSchema.options),
      from: maybe(instants),
      to: maybe(instants),
    });
    const flows = fc.record({
      sources: some('VM-A', 'vm-b', 'vm-c'),
      destinations: some(
        { destination: '10.1.2.4' },
        { destination: '10.1.2.4', port: 22 },
        { destination: 'https://x.example/a?key=1' },
      ),
      ports: maybe(fc.constant([22, 80])),
      protocols: maybe(fc.constant<Protocol[]>(['Tcp'])),
      rules: some('one', "it's two"),
      codes: some('PolicyRefused', 'Poisoned'),
    });
    const few = fc.oneof(
      filters,
      fc
        .tuple(
          filters,
          flows,
          fc.subarray(['sources', 'destinations', 'ports', 'protocols', 'rules', 'codes', 'actions']),
        )
        .map(([filter, flow, left]): AuditFilter => {
          const kept = Object.entries({ ...filter, ...flow }).filter(([name]) => !left.includes(name));
          return Object.fromEntries(kept);
        }),
    );
    await fc.assert(
      fc.asyncProperty(few, fc.constantFrom(3, 7, 50, 1000), async (filter, top) => {
        const found = await all(audit, filter, top);
        const wanted = events.filter((event) => holds(event, filter));
        expect(found.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
        expect(found.map(({ time }) => time)).toEqual(
          found
            .map(({ time }) => time)
            .toSorted()
            .reverse(),
        );
      }),
      { numRuns: numRuns(40) },
    );
  });

  it('finds a check’s events by their sequence, whatever the clocks said, also across the end of a month, however long ago', async () => {
    const audit = azuriteAudit({ now });
    // The end of a month that lies between what two pages look at, and of those beside it.
    const months = inject('tier') === 'fast' ? [0, 2, 24, 40] : [0, 1, 2, 3, 23, 24, 25, 26, 40];
    const ends = months.map((back) => Date.UTC(2026, 2 - back, 1));
    const checks = ends.map((end) => {
      const checkId = randomUUID();
      // The second writer's clock is ten minutes behind, in the month before.
      const times = [end - 2000, end + 1000, end - 600_000, end + 9000, end + 10_000];
      return times.map((time, i) =>
        sampleEvent({ checkId, time: new Date(time).toISOString(), action: auditActionSchema.options[i + 1]! }),
      );
    });
    for (const events of checks) for (const [i, event] of events.entries()) await write(audit, event, i + 1);
    for (const [i, events] of checks.entries()) {
      const checkId = events[0]!.checkId!;
      const newestFirst = events.map(({ id }) => id).reverse();
      for (const top of [1, 2, 3, 50])
        expect((await all(audit, { checkId }, top)).map(({ id }) => id)).toEqual(newestFirst);
      const end = new Date(ends[i]!);
      for (const filter of [
        ...[{ from: end }, { to: end }, { from: new Date(ends[i]! - day) }, { to: new Date(ends[i]! + day) }],
        ...[
          { from: end, to: new Date(ends[i]! + 5000) },
          { actions: ['started' as const], to: end },
        ],
        ...[{ requesters: [requesterIdOf('bob')] }, { requesters: [requesterIdOf('alice')], from: new Date(0) }],
      ]) {
        const wanted = events.filter((event) => holds(event, filter)).map(({ id }) => id);
        expect((await all(audit, { ...filter, checkId }, 2)).map(({ id }) => id)).toEqual(wanted.reverse());
      }
    }
  });

  it('finds all events of a check that lay still for long, whatever the size of a page', async () => {
    const audit = azuriteAudit({ now });
    const actionsOfLife = auditActionSchema.options.filter((action) => action !== 'read');
    const times = ['2023-01-10', '2023-05-31', '2025-08-31', '2025-10-31', '2025-11-01', '2026-02-02'];
    const checkId = randomUUID();
    const events = times.map((time, i) =>
      sampleEvent({ checkId, time: `${time}T10:00:00.000Z`, action: actionsOfLife[i]! }),
    );
    for (const [i, event] of events.entries()) await write(audit, event, i + 1);
    const newestFirst = events.map(({ id }) => id).reverse();
    for (const top of [1, 2, 3, 4, 5, 6, 50])
      expect((await all(audit, { checkId }, top)).map(({ id }) => id)).toEqual(newestFirst);
    const { action } = events[0]!;
    expect((await all(audit, { checkId, actions: [action] }, 50)).map(({ id }) => id)).toEqual([events[0]!.id]);
  });

  it('finds those who read a check after the events of its life, newest first, whatever the size of a page', async () => {
    const audit = azuriteAudit({ now });
    const checkId = randomUUID();
    const life = (['requested', 'started', 'finished'] as const).map((action) => sampleEvent({ checkId, action }));
    for (const [i, event] of life.entries()) await write(audit, event, i + 1);
    const readers = ['2025-12-01', '2026-01-15', '2026-02-20', '2026-02-21'].map((day) =>
      sampleEvent({ checkId, action: 'read', time: `${day}T10:00:00.000Z` }),
    );
    for (const event of readers) await audit.log.record(event);
    const expected = [...life.toReversed(), ...readers.toReversed()].map(({ id }) => id);
    for (const top of [1, 2, 3, 4, 50])
      expect((await all(audit, { checkId }, top)).map(({ id }) => id)).toEqual(expected);
    const read = await all(audit, { checkId, actions: ['read'] }, 50);
    expect(read.map(({ id }) => id)).toEqual(readers.map(({ id }) => id).reverse());
  });

  it('has one event of readings that have one id, with the time of the first', async () => {
    const audit = azuriteAudit({ now });
    const [checkId, id] = [randomUUID(), randomUUID()];
    const reading = (minute: string) =>
      sampleEvent({ id, checkId, action: 'read', time: `2026-02-20T10:${minute}:00.000Z` });
    await audit.log.record(reading('05'));
    await Promise.all(['05', '20', '59'].map((minute) => audit.log.record(reading(minute))));
    expect(await all(audit, { checkId }, 50)).toEqual([reading('05')]);
    expect(await all(audit, { actions: ['read'] }, 50)).toEqual([reading('05')]);
    await sealAt(audit, new Date('2026-02-20T11:00:00Z'));
    const report = await verify(audit, { from: new Date('2026-02-20'), to: new Date('2026-02-21') });
    expect([report.events, report.faults, report.pending]).toEqual([1, [], 0]);
  });

  it('skips and repeats nothing while new events arrive', async () => {
    const audit = azuriteAudit({ now });
    const at = (i: number) => sampleEvent({ time: new Date(newest - 1_000_000 + i * 1000).toISOString() });
    const before = Array.from({ length: 30 }, (_, i) => at(i));
    for (const event of before) await write(audit, event);
    const seen: string[] = [];
    let after: string | undefined;
    for (let i = 0; ; i++) {
      const page = await audit.history.page({}, 7, after);
      seen.push(...page.events.map(({ id }) => id));
      after = page.next;
      if (after === undefined) break;
      await write(audit, at(100 + i));
    }
    expect(seen).toEqual(before.map(({ id }) => id).reverse());
  });

  it('ends where history begins, and is empty before anything was written', async () => {
    const audit = azuriteAudit({ now });
    expect(await audit.history.page({}, 50)).toEqual({ events: [] });
    await write(audit, sampleEvent({ time: '2021-05-05T05:05:05.000Z' }));
    expect(await all(audit, { requesters: [requesterIdOf('alice')] })).toHaveLength(1);
    expect(await audit.history.page({ requesters: [requesterIdOf('bob')] }, 50)).toEqual({ events: [] });
  });

  it('goes on past stray rows that stand in no month', async () => {
    const audit = azuriteAudit({ now });
    const old = sampleEvent({ time: '2021-05-05T05:05:05.000Z' });
    for (const event of [old, sampleEvent({ time: new Date(newest).toISOString() })]) await write(audit, event);
    const strays = ['2026-02', '2025-01', '2020-01'].map((each) => `${partitionOfMonth(each)}x`);
    for (const partitionKey of strays) await audit.tables.audit.createEntity({ partitionKey, rowKey: 'stray' });
    expect((await all(audit, {})).map(({ id }) => id)).toContain(old.id);
    expect((await all(audit, { checkId: old.checkId! })).map(({ id }) => id)).toEqual([old.id]);
    expect(await all(audit, { checkId: randomUUID() })).toEqual([]);
  });

  describe('of years, of which every month has events,', () => {
    const audit = azuriteAudit({ now });
    const bob = sampleEvent({ requester: requesterOf('bob'), action: 'read', time: '2023-01-01T00:00:00.000Z' });
    let reads = 0;
    beforeAll(async () => {
      for (let month = 0; month < 40; month++)
        for (const date of month === 2 ? [1, 2] : [1])
          await audit.log.append({
            sequence: 1,
            event: sampleEvent({ time: new Date(Date.UTC(2026, 2 - month, date)).toISOString() }),
          });
      await audit.log.append({ sequence: 1, event: bob });
      audit.tables.audit.pipeline.addPolicy({
        name: 'count',
        sendRequest: (request, next) => (reads++, next(request)),
      });
    });

    it.each([
      [1, 'events of one month', { to: new Date(newest - 40 * day) }, 1],
      [6, 'events of few months', {}, 4],
      [28, 'a requester who hardly asked', { requesters: [bob.requester.id] }, 0],
      [28, 'a rare action', { actions: [bob.action] }, 0],
      [27, 'a check of old', { checkId: bob.checkId }, 0],
      [54, 'what storage has to sort out', { ports: [7] }, 0],
    ] as [number, string, AuditFilter, number][])(
      'answers a page with %i reads for %s',
      async (most, _of, filter, found) => {
        reads = 0;
        const page = await audit.history.page(filter, found || 50);
        expect([page.events.length, reads]).toEqual([found, most]);
        expect(page.next).toBeDefined();
      },
    );

    it('answers the events of a check with 26 reads, and one for each', async () => {
      const event = sampleEvent({ time: '2026-02-20T10:00:00.000Z' });
      await audit.log.append({ sequence: 1, event });
      reads = 0;
      expect([await audit.history.page({ checkId: event.checkId }, 50), reads]).toEqual([{ events: [event] }, 27]);
    });

    it('goes on in the next page where it found nothing', async () => {
      for (const filter of [{ requesters: [bob.requester.id] }, { actions: [bob.action] }, { checkId: bob.checkId }])
        expect(await all(audit, filter)).toEqual([bob]);
      expect(await all(audit, { checkId: randomUUID() })).toEqual([]);
    });
  });

  it('goes on from whatever position, also from one that it never gave', async () => {
    const audit = azuriteAudit({ now });
    const event = sampleEvent({ time: '2021-05-05T05:05:05.000Z' });
    await write(audit, event);
    const { checkId } = event;
    const ends = fc.constantFrom('000000', '000087', '009999', '802998', '802999', '999998', '999999');
    const months = fc.oneof(ends, fc.stringMatching(/^\d{6}$/));
    const sequences = fc.option(fc.stringMatching(/^!\d{6}$/), { nil: '' });
    await fc.assert(
      fc.asyncProperty(months, sequences, async (month, sequence) => {
        const { events } = await audit.history.page({ checkId }, 5, month + sequence);
        expect([[], [event]]).toContainEqual(events);
      }),
      { numRuns: 25 },
    );
    const times = fc.oneof(fc.constantFrom('0000000000000', '9999999999999'), fc.stringMatching(/^\d{13}$/));
    await fc.assert(
      fc.asyncProperty(times, async (time) => {
        const { events } = await audit.history.page({}, 5, time);
        expect([[], [event]]).toContainEqual(events);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps an event of any length whole', async () => {
    const audit = azuriteAudit({ now });
    const event = sampleEvent({ target: { destination: 'x'.repeat(70_000) } });
    await write(audit, event);
    expect(await all(audit, {})).toEqual([event]);
  });
});
