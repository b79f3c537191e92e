import { randomUUID } from 'node:crypto';
import { inject, describe, expect, it } from 'vitest';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import { azuriteAudit, requesterOf, sampleEvent } from '../support/azurite-audit.ts';
import { startFaultProxy } from '../support/faults/fault-proxy.ts';
import { createIoTrace } from '../support/faults/io-trace.ts';

const WRITERS = 16;
const CHECKS_EACH = 8;
const now = () => new Date('2026-03-02T00:30:00Z');

describe('16 writers, of whose requests 5 % are lost, 5 % executed and then lost, and 5 % answered 503', () => {
  it('leave every event once and no gap, and the audit is proven', async () => {
    const upstream = /TableEndpoint=(http:\/\/[^/;]+)/.exec(inject('azurite'))![1]!;
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const faults = { before: 0, after: 0, refused: 0 };
    const proxy = await startFaultProxy({
      service: 'table',
      upstream,
      trace: createIoTrace(),
      decide: (_io, stage) => {
        const dice = random();
        if (stage === 'after') return dice < 0.05 ? (faults.after++, { kind: 'drop' }) : undefined;
        if (dice < 0.05) return (faults.before++, { kind: 'drop' });
        return dice < 0.1 ? (faults.refused++, { kind: 'answer', status: 503 }) : undefined;
      },
    });
    const good = azuriteAudit({ now });
    const shaky = azuriteAudit({
      now,
      name: good.name,
      connectionString: inject('azurite').replace(upstream, proxy.url),
    });
    const written: AuditEvent[] = [];

    async function untilDone<T>(work: () => Promise<T>): Promise<T> {
      for (let tries = 0; ; tries++) {
        try {
          return await work();
        } catch (error) {
          if (tries === 20) throw error;
        }
      }
    }

    async function writer(number: number): Promise<void> {
      for (let i = 0; i < CHECKS_EACH; i++) {
        const checkId = randomUUID();
        // Some go over midnight.
        const times = ['2026-03-01T23:59:59.990Z', '2026-03-01T23:59:59.999Z', '2026-03-02T00:00:00.001Z'];
        for (const [j, action] of (['requested', 'started', 'finished'] as const).entries()) {
          const event = sampleEvent({ checkId, action, time: times[j]!, requester: requesterOf(`user-${number}`) });
          if (j === 0) await untilDone(() => shaky.log.record(event));
          else {
            // The store's own transaction writes this marker.
            await good.tables.checks.upsertEntity(sealMarkerOf({ sequence: j + 1, event }), 'Replace');
            await untilDone(() => shaky.log.append({ sequence: j + 1, event }));
          }
          written.push(event);
        }
      }
    }

    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    await proxy.stop();
    for (const count of Object.values(faults)) expect(count).toBeGreaterThan(10);
    const found = await good.history.page({}, 5000);
    expect(found.events.map(({ id }) => id).sort()).toEqual(written.map(({ id }) => id).sort());
    const report = { events: WRITERS * CHECKS_EACH * 3, faults: [] };
    expect(await verify(good, { from: new Date('2026-03-01') })).toMatchObject({ ...report, pending: report.events });
    await seal(good);
    expect(await verify(good, { from: new Date('2026-03-01') })).toMatchObject({
      valid: true,
      events: WRITERS * CHECKS_EACH * 3,
      faults: [],
    });
  });
});
