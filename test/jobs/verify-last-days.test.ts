import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/contract/problem.ts';
import { verifyLastDays } from '../../src/jobs/verify-last-days.ts';
import { type AzuriteAudit, azuriteAudit, sampleEvent, writeInTime } from '../support/azurite-audit.ts';
import { linesOf } from '../support/log-lines.ts';

const timer = {} as Parameters<ReturnType<typeof verifyLastDays>>[0];

const gapMessage = 'No checkpoint was made for more than an hour.';

/** Without those of gaps: the checkpoints of these tests are half a day apart. */
async function linesAt(time: string, audit: AzuriteAudit) {
  const { context, lines } = linesOf();
  await verifyLastDays({ ...audit, now: () => new Date(time) })(timer, context);
  return lines.filter(({ message }) => message !== gapMessage);
}

/** Two events on 1 March 2026, one on the 2nd, one on the 3rd, all sealed. */
async function threeDays(): Promise<AzuriteAudit> {
  const audit = azuriteAudit({ now: () => new Date('2026-03-03T00:05:00Z') });
  const times = ['2026-03-01T00:00:00.000Z', '2026-03-01T23:59:59.999Z', '2026-03-02T12:00:00.000Z'];
  for (const time of [...times, '2026-03-03T00:01:00.000Z']) await writeInTime(audit, sampleEvent({ time }));
  return audit;
}

const good = (day: string, events: number) => ({
  ...{ level: 'information', message: 'audit verified', day },
  ...{ valid: true, events, pending: 0, faults: 0, gaps: 2 },
});

describe('the daily verification', () => {
  it.each(['2026-03-03T00:17:00Z', '2026-03-03T23:59:59Z', '2026-03-02T23:59:59.999Z'])(
    'at %s holds the last two whole days to their checkpoints',
    async (time) => {
      const audit = await threeDays();
      const lines = await linesAt(time, audit);
      expect(lines).toEqual(
        time < '2026-03-03'
          ? [{ ...good('2026-02-28', 0), gaps: 0 }, good('2026-03-01', 2)]
          : [good('2026-03-01', 2), good('2026-03-02', 1)],
      );
    },
  );

  it('finds the same when several instances run it at once', async () => {
    const audit = await threeDays();
    const all = await Promise.all(Array.from({ length: 3 }, () => linesAt('2026-03-03T00:17:00Z', audit)));
    for (const lines of all) expect(lines).toEqual([good('2026-03-01', 2), good('2026-03-02', 1)]);
  });

  it('tells the log of a fault as an error, and of the other day as it is', async () => {
    const audit = await threeDays();
    for await (const row of audit.tables.audit.listEntities<{ partitionKey: string; rowKey: string; time: string }>())
      if (row.time.startsWith('2026-03-02')) await audit.tables.audit.deleteEntity(row.partitionKey, row.rowKey);
    expect(await linesAt('2026-03-03T00:17:00Z', audit)).toEqual([
      good('2026-03-01', 2),
      { ...good('2026-03-02', 0), level: 'error', valid: false, faults: 1 },
    ]);
  });

  it('says which day could not be verified, and why, and verifies the other', async () => {
    const audit = await threeDays();
    const between: typeof audit.auditRows.between = (first, last) => {
      if (first === '2026-03-01') throw new Problem('InvalidRequest', 'There are more than 200,000 events.');
      return audit.auditRows.between(first, last);
    };
    expect(await linesAt('2026-03-03T00:17:00Z', { ...audit, auditRows: { ...audit.auditRows, between } })).toEqual([
      {
        ...{ level: 'error', message: 'audit not verified', day: '2026-03-01' },
        cause: 'Problem: There are more than 200,000 events.',
      },
      good('2026-03-02', 1),
    ]);
  });

  it('warns of each time without checkpoints, which is no fault', async () => {
    const audit = await threeDays();
    const { context, lines } = linesOf();
    await verifyLastDays({ ...audit, now: () => new Date('2026-03-02T23:59:59Z') })(timer, context);
    expect(lines.filter(({ message }) => message === gapMessage)).toMatchObject([
      { level: 'warning', from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T23:59:59.999Z' },
      { level: 'warning', from: '2026-03-01T23:59:59.999Z', to: '2026-03-02T12:00:00.000Z' },
    ]);
  });
});
