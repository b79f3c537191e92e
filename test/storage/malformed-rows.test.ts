import { assertNoneStalled } from '../../src/storage/checks/assert-none-stalled.ts';
import { describe, expect, it } from 'vitest';
import { makeCheckpoint } from '../../src/audit/seal/make-checkpoint.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { sealAudit } from '../../src/jobs/seal-audit.ts';
import { tableRefusalCounts } from '../../src/storage/audit/table-refusal-counts.ts';
import { tableCheckList } from '../../src/storage/checks/table-check-list.ts';
import { tableOverdueChecks } from '../../src/storage/checks/table-overdue-checks.ts';
import { sampleEvent, write } from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';
import { linesOf } from '../support/log-lines.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';

const now = () => new Date('2026-03-02T12:00:00Z');
const timer = {} as Parameters<ReturnType<typeof sealAudit>>[0];

/** What somebody wrote who may change the table `checks`. */
describe('a row that is not as the proxy writes it', () => {
  it('among the counts of refusals stops no sealing, and the log names it', async () => {
    const audit = fastAudit({ now });
    await write(audit, sampleEvent({ time: '2026-03-02T11:50:00.000Z' }));
    const row = { partitionKey: '0', rowKey: 'refused!2026-01-01T00:00!x', count: 'one' };
    await audit.tables.checks.createEntity(row);
    const { context, lines } = linesOf();
    const deps = { ...audit, audit: audit.log, refusals: tableRefusalCounts(audit.tables.checks, audit.proofs) };
    await sealAudit(deps)(timer, context);
    expect(lines).toMatchObject([
      { level: 'information', message: 'The audit was sealed.', events: 1, summaries: 0 },
      { level: 'error', cause: expect.stringContaining(`/0/${row.rowKey}`) as string },
    ]);
  });

  it('among the markers of open checks keeps no other from being woken, and is mended', async () => {
    const { tables } = fastAudit({ now });
    await tables.checks.createTable();
    const dueAt = '2026-03-02T11:00:00.000Z';
    const [first, second] = [sampleCheck().id, sampleCheck().id.replace(/^./, 'f')];
    await tables.checks.createEntity({ partitionKey: '1', rowKey: 'open!nothing', dueAt, sweeps: 0 });
    await tables.checks.createEntity({ partitionKey: '1', rowKey: `open!${first}`, dueAt, sweeps: 'x' });
    await tables.checks.createEntity({ partitionKey: '1', rowKey: `open!${second}`, dueAt, sweeps: 0 });
    const woken: string[] = [];
    for (const ids of tableOverdueChecks(tables.checks).claim(now())) for await (const id of ids) woken.push(id);
    expect(woken).toEqual([first, second].toSorted());
    expect((await tables.checks.getEntity('1', `open!${first}`))['sweeps']).toBe(1);
    // A marker of no check is nothing that anybody should have worked on.
    await tables.checks.deleteEntity('1', `open!${first}`);
    await tables.checks.deleteEntity('1', `open!${second}`);
    await assertNoneStalled(tables.checks, now());
  });

  it('in a list refuses the page, and the answer names it', async () => {
    const { tables } = fastAudit({ now });
    await tables.checks.createTable();
    await tables.checks.createEntity({ partitionKey: '0', rowKey: 'all!0000000000001!x', view: '{}' });
    const list = tableCheckList({ checks: tables.checks, now });
    await expect(list.page({}, 10)).rejects.toMatchObject({
      code: 'InternalError',
      message: expect.stringContaining('checks/0/all!0000000000001!x') as string,
    });
  });
});

describe('a checkpoint that is asked for', () => {
  it('covers all that was written before, and the reading itself', async () => {
    const audit = fastAudit({ now });
    await write(audit, sampleEvent({ time: now().toISOString() }));
    const origin = { sourceAddress: '127.0.0.1', requestId: 'r' };
    const actor = { caller: sampleCaller('carol', ['Audit.Read']), origin };
    const resource = '/api/audit/checkpoints';
    const deps = { ...audit, audit: audit.log, deputy: 'd', policy: { hash: 'f'.repeat(64) } };
    expect(await makeCheckpoint(deps, actor, resource)).toMatchObject({ checkpoints: 1, events: 2, pending: 0 });
    expect(await verify(audit, { from: now() })).toMatchObject({ valid: true, events: 2, pending: 0 });
    const { events } = await audit.history.page({ actions: ['read'] }, 5);
    expect(events).toMatchObject([{ target: { resource }, decision: { roles: ['Audit.Read'] } }]);
  });
});
