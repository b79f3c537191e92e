import type { Actor } from '../contract/actor.ts';
import type { AuditFilter, AuditHistory, AuditPage } from './audit-history.ts';
import { type Access, type AccessDeps, recordAccess } from './record-access.ts';

export interface SearchDeps extends AccessDeps {
  readonly auditHistory: AuditHistory;
}

export interface SearchRequest extends Pick<Access, 'action' | 'resource'> {
  readonly filter: AuditFilter;
  readonly top: number;
  readonly after?: string | undefined;
}

/** A page of the audit, read or exported, which is audited before it is answered. The door has asked for `Audit.Read`. */
export async function search(deps: SearchDeps, actor: Actor, request: SearchRequest): Promise<AuditPage> {
  const { action, resource, filter, top, after } = request;
  await recordAccess(deps, actor, { action, resource });
  return deps.auditHistory.page(filter, top, after);
}
