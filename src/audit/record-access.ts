import { cutText } from '../contract/text/cut-text.ts';
import type { Actor } from '../contract/actor.ts';
import type { Decision } from '../contract/decision.ts';
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
  /** Path and query of what is read. */
  readonly resource: string;
  /** Of a check: what it tests. */
  readonly target?: AuditTarget;
  /** Absent: that the role may. */
  readonly decision?: Decision;
}

const MAX_RESOURCE = 2048;

/** Audits that somebody with `Audit.Read` reads what is not theirs; to be done before it is answered. */
export async function recordAccess(
  deps: AccessDeps,
  { caller, origin }: Actor,
  { action, resource, target, decision }: Access,
): Promise<void> {
  await deps.audit.record({
    id: deps.newId(),
    time: deps.now().toISOString(),
    action,
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
