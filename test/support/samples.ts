import type { WaitingCheck } from '../../src/check/state/check.ts';
import type { Caller } from '../../src/contract/requester.ts';
import { objectIdOf } from './object-id-of.ts';

const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000a';
export const tenantId = '11111111-1111-4111-8111-111111111111';

export const webVm = `${subscription}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-01`;
export const watcherId = `${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/networkWatchers/eyes-west`;

/** A verified caller of that name. */
export function sampleCaller(name = 'alice', roles: string[] = ['Check.Request']): Caller {
  const objectId = objectIdOf(name);
  const requester = { id: `${tenantId}/${objectId}`, tenantId, objectId, name, kind: 'user', via: 'http' } as const;
  return { requester, roles, groups: [], groupsOverage: false };
}

export const sampleTime = '2026-03-01T10:00:00.000Z';

/** A check as it is when it has just been accepted. */
export function sampleCheck(changes: Partial<WaitingCheck> = {}): WaitingCheck {
  return {
    status: 'NotStarted',
    id: '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f',
    caller: sampleCaller(),
    request: { source: { resourceId: webVm }, destination: { address: '10.1.2.4', port: 1433 }, protocol: 'Tcp' },
    reason: 'INC-1042',
    decision: { allowed: true, rule: 'all', reason: 'Allowed by rule all.', policy: 'f'.repeat(64) },
    origin: { sourceAddress: '127.0.0.1', requestId: 'request-1' },
    createdAt: sampleTime,
    dueAt: sampleTime,
    attempts: 0,
    retries: 0,
    boundedRetries: 0,
    audited: 1,
    ...changes,
  };
}
