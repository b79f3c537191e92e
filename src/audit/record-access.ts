import { cutText } from '../contract/text/cut-text.ts';
import type { Actor } from '../contract/actor.ts';
import type { Decision } from '../contract/decision.ts';
import { sha256 } from '../contract/sha256.ts';
import { uuidOfHash } from '../contract/uuid-of-hash.ts';
import type { AuditLog } from './audit-log.ts';
import type { AuditTarget } from './event.ts';

export interface AccessDeps {
  readonly audit: AuditLog;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly deputy: string;
  readonly policy: { readonly hash: string };
}

/** What is read that is not one's own. */
export interface Access {
  readonly action: 'read' | 'exported';
  /** Where it is one check, and not a list. */
  readonly checkId?: string;
  /** Path and query of what is read. */
  readonly resource: string;
  /** Of a check: what it tests. */
  readonly target?: AuditTarget;
  /** Absent: that the role may. */
  readonly decision?: Decision;
}

const MAX_RESOURCE = 2048;

/**
 * Audits that somebody reads what is not theirs; to be done before it is answered. Whoever reads one check again and
 * again, as clients do that wait for its end, has one event an hour.
 */
export async function recordAccess(
  deps: AccessDeps,
  { caller, origin }: Actor,
  { action, checkId, resource, target, decision }: Access,
): Promise<void> {
  const time = deps.now().toISOString();
  await deps.audit.record({
    id: checkId === undefined ? deps.newId() : idOfReading(caller.requester.id, checkId, time),
    time,
    action,
    ...(checkId === undefined ? {} : { checkId }),
    requester: caller.requester,
    deputy: deps.deputy,
    ...origin,
    target: { ...target, resource: cutText(resource, MAX_RESOURCE) },
    decision: {
      ...(decision ?? { allowed: true, reason: 'The role Audit.Read may read everything.', policy: deps.policy.hash }),
      roles: caller.roles,
    },
  });
}

const idOfReading = (reader: string, checkId: string, time: string): string =>
  uuidOfHash(sha256(`read ${reader} ${checkId} ${time.slice(0, 'YYYY-MM-DDTHH'.length)}`));
