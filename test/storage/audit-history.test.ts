import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditFilter } from '../../src/audit/audit-history.ts';
import { auditActionSchema, type AuditEvent } from '../../src/audit/event.ts';
import { partitionOfDay } from '../../src/storage/audit-keys.ts';
import { tableCheckStore } from '../../src/storage/table-check-store.ts';
import {
  azuriteAudit,
  type AzuriteAudit,
  requesterIdOf,
  requesterOf,
  sampleEvent,
  write,
} from '../support/azurite-audit.ts';
import { sampleCheck } from '../support/samples.ts';

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

const holds = (event: AuditEvent, { requester, action, from, to, checkId }: AuditFilter): boolean =>
  (requester === undefined || event.requester.id === requester) &&
  (action === undefined || event.action === action) &&
  (checkId === undefined || event.checkId === checkId) &&
  (from === undefined || event.time >= from.toISOString()) &&
  (to === undefined || event.time < to.toISOString());

describe('the audit history', () => {
  it('answers every filter and combination with exactly the events that match, newest first, in pages of any size', async () => {
    const audit = azuriteAudit({ now });
    const events = Array.from({ length: 120 }, (_, i) =>
      sampleEvent({
        // Some in the same millisecond, some months apart.
        time: new Date(newest - Math.floor(i / 2) ** 2 * 3_600_000).toISOString(),
        action: auditActionSchema.options[i % 5]!,
        requester: requesterOf(['alice', 'bob', 'carol'][i % 3]!),
        ...(i % 4 === 0 ? { checkId: undefined } : {}),
      }),
    );
    for (const event of events) await write(audit, event);
    const instants = fc.integer({ min: newest - 160 * day, max: newest + day }).map((time) => new Date(time));
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const filters = fc.record({
      requester: maybe(fc.constantFrom(...['alice', 'bob', 'nobody'].map(requesterIdOf))),
      action: maybe(fc.constantFrom(...auditActionSchema.options)),
      from: maybe(instants),
      to: maybe(instants),
    });
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(3, 7, 50, 1000), async (filter, top) => {
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
      { numRuns: 40 },
    );
  });

  it('finds a check’s events by their sequence, whatever the clocks said, also across midnight', async () => {
    const audit = azuriteAudit({ now });
    const check = sampleCheck({ id: randomUUID(), createdAt: '2026-02-20T00:00:01.000Z' });
    await tableCheckStore(audit.tables.checks, randomUUID).insert(check);
    // The second writer's clock is ten minutes behind, in the day before.
    const times = ['2026-02-20T00:00:01.000Z', '2026-02-19T23:50:05.000Z', '2026-02-20T00:00:09.000Z'];
    const actions = ['requested', 'started', 'finished'] as const;
    const events = times.map((time, i) => sampleEvent({ checkId: check.id, time, action: actions[i]! }));
    for (const [i, event] of events.entries()) await write(audit, event, i + 1);
    const newestFirst = events.map(({ id }) => id).reverse();
    expect((await all(audit, { checkId: check.id })).map(({ id }) => id)).toEqual(newestFirst);
    expect((await all(audit, { checkId: check.id }, 1)).map(({ id }) => id)).toEqual(newestFirst);
    const started = await all(audit, { checkId: check.id, action: 'started', to: new Date('2026-02-20') });
    expect(started.map(({ id }) => id)).toEqual([events[1]!.id]);
    expect(await all(audit, { checkId: check.id, requester: requesterIdOf('bob') })).toEqual([]);
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
    expect(await all(audit, { requester: requesterIdOf('alice') })).toHaveLength(1);
    expect(await audit.history.page({ requester: requesterIdOf('bob') }, 50)).toEqual({ events: [] });
  });

  it('goes on past stray rows that stand in no day', async () => {
    const audit = azuriteAudit({ now });
    const old = sampleEvent({ time: '2021-05-05T05:05:05.000Z' });
    for (const event of [old, sampleEvent({ time: new Date(newest).toISOString() })]) await write(audit, event);
    const strays = ['2026-02-01', '2025-01-01'].map((each) => `${partitionOfDay(each)}x`);
    for (const partitionKey of strays) await audit.tables.audit.createEntity({ partitionKey, rowKey: 'stray' });
    expect((await all(audit, {})).map(({ id }) => id)).toContain(old.id);
  });

  it('is bounded: a search through thousands of days without a match goes on in the next page', async () => {
    const audit = azuriteAudit({ now });
    for (let i = 0; i < 2 * 450; i += 2) {
      const time = new Date(newest - i * day).toISOString();
      await audit.log.append({ sequence: 1, event: sampleEvent({ time }) });
    }
    const bob = sampleEvent({ time: new Date(newest - 910 * day).toISOString(), requester: requesterOf('bob') });
    await audit.log.append({ sequence: 1, event: bob });
    const first = await audit.history.page({ requester: requesterIdOf('bob') }, 50);
    expect(first.events).toEqual([]);
    expect(first.next).toMatch(/^\d{13}$/);
    expect((await all(audit, { requester: requesterIdOf('bob') })).map(({ id }) => id)).toEqual([bob.id]);
  });

  it('keeps an event of any length whole', async () => {
    const audit = azuriteAudit({ now });
    const event = sampleEvent({ target: { destination: 'x'.repeat(70_000) } });
    await write(audit, event);
    expect(await all(audit, {})).toEqual([event]);
  });
});
