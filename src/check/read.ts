import type { AuditLog } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import { record } from '../audit/record.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';
import type { Check } from './state/check.ts';
import type { CheckStore } from './ports/check-store.ts';
import { type EventDeps, targetOf } from './state/event-of.ts';

export interface ReadDeps extends EventDeps {
  readonly store: CheckStore;
  readonly audit: AuditLog;
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
  await record(deps.audit, readEvent(deps, reader, stored.check));
  return stored.check;
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
    decision: { allowed: true, reason: 'The role Audit.Read may read every check.', policy: check.decision.policy },
  };
}
