import type { AuditLog } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';
import { type Check, hasEnded } from './state/check.ts';
import type { CheckStore } from './ports/check-store.ts';
import { type EventDeps, targetOf } from './state/event-of.ts';

export interface ReadDeps extends EventDeps {
  readonly store: CheckStore;
  readonly audit: AuditLog;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Who reads, and in which request. */
export interface Reader {
  readonly caller: Caller;
  readonly origin: Check['origin'];
  /** Path of what is read, for the audit. */
  readonly resource: string;
}

export const mayReadAll = ({ roles }: Caller): boolean => roles.includes('Audit.Read');

export const isOwn = (caller: Caller, check: Check): boolean => check.caller.requester.id === caller.requester.id;

const notFound = (): Problem => new Problem('NotFound', 'There is no check of that id, or it is not yours.');

/** A check that the caller may see; for everybody else it does not exist. Reading another's check is audited first. */
export async function read(deps: ReadDeps, reader: Reader, checkId: string): Promise<Check> {
  const stored = await deps.store.find(checkId);
  if (!stored) throw notFound();
  if (isOwn(reader.caller, stored.check)) return stored.check;
  if (!mayReadAll(reader.caller)) throw notFound();
  await deps.audit.record(readEvent(deps, reader, stored.check));
  return stored.check;
}

/** Looks again until the check has ended, or the time is over. */
export async function awaitEnd(deps: ReadDeps, check: Check, seconds: number): Promise<Check> {
  const until = deps.now().getTime() + seconds * 1000;
  let newest = check;
  for (let pause = 100; !hasEnded(newest) && deps.now().getTime() < until; pause = Math.min(pause * 1.5, 1000)) {
    await deps.sleep(Math.min(pause, Math.max(1, until - deps.now().getTime())));
    newest = (await deps.store.find(check.id))?.check ?? newest;
  }
  return newest;
}

function readEvent(deps: ReadDeps, { caller, origin, resource }: Reader, check: Check): AuditEvent {
  return {
    id: deps.newId(),
    time: deps.now().toISOString(),
    action: 'read',
    requester: caller.requester,
    deputy: deps.deputy,
    ...origin,
    target: { ...targetOf(check.request, check.networkWatcher), resource },
    decision: {
      allowed: true,
      reason: 'The role Audit.Read may read every check.',
      policy: check.decision.policy,
      roles: caller.roles,
    },
  };
}
