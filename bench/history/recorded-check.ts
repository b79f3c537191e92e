import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import type { AuditAction } from '../../src/audit/event.ts';
import type { Check } from '../../src/check/state/check.ts';
import { randomIdFor } from '../../src/check/state/check-id.ts';
import { eventOf } from '../../src/check/state/event-of.ts';
import type { Caller } from '../../src/contract/requester.ts';
import { sampleCaller, sampleCheck } from '../../test/support/samples.ts';

/** A check that has ended, and its events. */
export interface RecordedCheck {
  readonly check: Check;
  readonly entries: readonly AuditEntry[];
}

const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const [REQUESTERS, SOURCES, DESTINATIONS] = [50, 40, 20];
const FAILED = 0.1;
const CANCELED = 0.01;
const UNREACHABLE = 0.25;

export const userOf = (number: number): string => `user-${number % REQUESTERS}`;
export const sourceOf = (number: number): string =>
  `${subscription}/resourceGroups/rg-${number % 4}/providers/Microsoft.Compute/virtualMachines/vm-${number % SOURCES}`;
export const destinationOf = (number: number): string => `10.1.${number % DESTINATIONS}.4`;

const reason = {
  code: 'SecurityRuleDenies',
  message: 'The security rule DenyAll blocks the traffic at the network interface of vm-3.',
  action: 'Ask for a rule that allows this port.',
  owner: 'network team',
} as const;

interface Deps {
  /** 0 to 1. */
  readonly random: () => number;
  readonly tenantId: string;
}

/** Each part is drawn by itself, so that every combination is among enough checks. */
export function recordedCheck({ random, tenantId }: Deps, createdAt: Date): RecordedCheck {
  const draw = (): number => Math.floor(random() * 1000);
  const caller = callerIn(tenantId, userOf(draw()));
  const waiting = sampleCheck({
    ...{ id: randomIdFor(caller.requester.id, randomUUID()), caller, createdAt: createdAt.toISOString(), audited: 3 },
    origin: { sourceAddress: '127.0.0.1', requestId: randomUUID() },
    request: {
      source: { resourceId: sourceOf(draw()) },
      destination: { address: destinationOf(draw()), port: 443 },
      protocol: 'Tcp',
    },
  });
  const check = ended(waiting, random(), random());
  const actions: AuditAction[] = ['requested', 'started', lastActions[check.status] ?? 'finished'];
  const entries = actions.map((action, i) => {
    const time = new Date(createdAt.getTime() + i * 30_000);
    const deps = { now: () => time, newId: randomUUID, deputy: 'system-assigned' };
    return { sequence: i + 1, event: eventOf(deps, check, action) };
  });
  return { check, entries };
}

function callerIn(tenantId: string, user: string): Caller {
  const caller = sampleCaller(user);
  const { objectId } = caller.requester;
  return { ...caller, requester: { ...caller.requester, tenantId, id: `${tenantId}/${objectId}` } };
}

const lastActions: Readonly<Record<string, AuditAction>> = { Failed: 'failed', Canceled: 'canceled' };

function ended(check: ReturnType<typeof sampleCheck>, how: number, reached: number): Check {
  const finishedAt = new Date(Date.parse(check.createdAt) + 60_000).toISOString();
  if (how < FAILED)
    return {
      ...check,
      status: 'Failed',
      finishedAt,
      error: { code: 'AzureFailed', message: 'Azure failed.' },
      cause: { ...reason, code: 'AzureFailed' },
    };
  if (how < FAILED + CANCELED) return { ...check, status: 'Canceled', finishedAt };
  const verdict =
    reached < UNREACHABLE
      ? { summary: reason.message, reachability: 'Unreachable' as const, reasons: [reason] }
      : { summary: 'Reached.', reachability: 'Reachable' as const, reasons: [] };
  return { ...check, status: 'Succeeded', startedAt: check.createdAt, finishedAt, verdict };
}
