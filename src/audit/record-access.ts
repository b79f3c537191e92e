import type { Caller } from '../contract/requester.ts';
import type { AuditLog } from './audit-log.ts';
import type { AuditEvent } from './event.ts';

export interface AccessDeps {
  readonly audit: AuditLog;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly deputy: string;
  readonly policy: { readonly hash: string };
}

/** Who reads what, and in which request. */
export interface Access {
  readonly caller: Caller;
  readonly origin: Pick<AuditEvent, 'sourceAddress' | 'requestId' | 'traceparent'>;
  readonly action: 'read' | 'exported';
  /** Path and query of what is read. */
  readonly resource: string;
}

const MAX_RESOURCE = 2048;

/** Audits that somebody with `Audit.Read` reads what is not theirs; to be done before it is answered. */
export async function recordAccess(deps: AccessDeps, access: Access): Promise<void> {
  const { caller, origin, action, resource } = access;
  await deps.audit.record({
    id: deps.newId(),
    time: deps.now().toISOString(),
    action,
    requester: caller.requester,
    deputy: deps.deputy,
    ...origin,
    target: { resource: resource.slice(0, MAX_RESOURCE) },
    decision: {
      allowed: true,
      reason: 'The role Audit.Read may read everything.',
      policy: deps.policy.hash,
      roles: caller.roles,
    },
  });
}
