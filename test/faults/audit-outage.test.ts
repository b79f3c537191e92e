import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import { ownAccount } from '../support/run/own-account.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

it.each(['announce', 'append event'])(
  'while the audit cannot be written (%s) nothing is accepted, queued or sent to Azure, and then it heals by itself',
  async (operation) => {
    let isDown = true;
    const decide: Decide = (io, stage) =>
      isDown && stage === 'before' && io.operation === operation ? { kind: 'answer', status: 503 } : undefined;
    const app = await azure.start({ decide });
    // Reads of the source's state, for a warning, go beside the audit: they test nothing.
    const tested = () => azure.azure.arm.requests.filter(({ path }) => path.endsWith('/connectivityCheck')).length;
    const sent = () => azure.trace.log.filter((io) => io.operation === 'send').length;
    const state = async () => ({ sent: sent(), tested: tested(), kept: (await azure.state()).checks.size });
    const before = await state();
    const refused = await azure.ask(app, operation);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('x-ms-error-code')).toBe('AuditUnavailable');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await state()).toEqual(before);

    isDown = false;
    expect((await azure.ask(app, operation)).status).toBe(202);
    const stored = await azure.settle(app);
    const id = azure.checkIdOf(operation);
    expect(stored.checks.get(id)?.status).toBe('Succeeded');
    expect(tested()).toBe(before.tested + 1);
    expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
  },
);

it('a check that runs when the audit goes down ends when the audit is back, with every event', async () => {
  let isDown = false;
  const id = azure.checkIdOf('two');
  const decide: Decide = (io, stage) => {
    // From its POST on.
    if (io.operation === 'begin' && io.checkIds.includes(id)) isDown = true;
    return isDown && stage === 'before' && io.operation === 'append event'
      ? { kind: 'answer', status: 503 }
      : undefined;
  };
  const app = await azure.start({ decide });
  expect((await azure.ask(app, 'two')).status).toBe(202);
  await expect(azure.settle(app, { withinSeconds: 5 })).rejects.toThrow('in vain');
  const meanwhile = await azure.state();
  expect(meanwhile.checks.get(id)).toMatchObject({ status: 'Succeeded', pendingEvent: { action: 'finished' } });
  expect(meanwhile.open).toEqual([id]);
  isDown = false;
  await app.stop();
  const survivor = await azure.start({ clock: { shiftSeconds: 125 } });
  const stored = await azure.settle(survivor);
  expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
});
